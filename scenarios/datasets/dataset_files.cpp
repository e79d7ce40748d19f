#include "scenarios/datasets/dataset_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace c2al {

namespace {

namespace fs = std::filesystem;

std::string_view unpacked_name(std::string_view name) {
  for (const std::string_view ending : {".gz", ".zst"})
    if (name.size() > ending.size() && name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  return name;
}

bool fits_pattern(std::string_view name, std::string_view pattern) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return name == pattern;
  const std::string_view before = pattern.substr(0, star), behind = pattern.substr(star + 1);
  return name.size() >= before.size() + behind.size() && name.starts_with(before) && name.ends_with(behind);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Runs of digits compare by value, everything else by character.
bool natural_less(const std::string& a, const std::string& b) {
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      const auto run = [](const std::string& text, std::size_t& at) {
        while (at < text.size() && text[at] == '0') ++at;
        const std::size_t begin = at;
        while (at < text.size() && is_digit(text[at])) ++at;
        return std::string_view(text).substr(begin, at - begin);
      };
      const std::string_view x = run(a, i), y = run(b, j);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
    } else {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i, ++j;
    }
  }
  return a.size() - i < b.size() - j || (a.size() - i == b.size() - j && a < b);
}

/// Files of a folder that fit a name, in natural order. Of one file packed and unpacked the described form counts, then
/// the unpacked one.
std::vector<fs::path> search(const fs::path& folder, const std::string& name) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder))
    if (!entry.is_directory() && fits_name(entry.path().filename().string(), name)) found.push_back(entry.path());
  const auto key = [](const fs::path& path) { return std::string(unpacked_name(path.filename().string())); };
  std::sort(found.begin(), found.end(), [&](const fs::path& a, const fs::path& b) {
    const std::string x = key(a), y = key(b);
    if (x != y) return natural_less(x, y);
    const bool a_described = fits_pattern(a.filename().string(), name);
    const bool b_described = fits_pattern(b.filename().string(), name);
    return a_described != b_described ? a_described : a.filename() < b.filename();
  });
  found.erase(
      std::unique(found.begin(), found.end(), [&](const fs::path& a, const fs::path& b) { return key(a) == key(b); }),
      found.end());
  return found;
}

[[noreturn]] void fail_missing(const DatasetDescription& description, const DatasetFile& file,
                               const std::vector<fs::path>& inputs) {
  std::string sums;
  if (!file.sha256.empty()) sums += fmt::format(" (sha256 {})", file.sha256);
  if (!file.md5.empty()) sums += fmt::format(" (md5 {})", file.md5);
  const fs::path place = inputs.empty() ? fs::path() : inputs.front();
  throw RunError(
      fmt::format("{}: there is no such file; get {} from {}{}",
                  (fs::is_regular_file(place) ? place.parent_path() / file.name : place / file.name).string(),
                  file.name, description.home.empty() ? "its owner" : description.home, sums));
}

}  // namespace

bool fits_name(const std::string& file_name, const std::string& described) {
  return fits_pattern(file_name, described) || fits_pattern(unpacked_name(file_name), unpacked_name(described));
}

FoundFiles find_files(const DatasetDescription& description, const std::vector<fs::path>& inputs) {
  std::vector<fs::path> folders, files;
  for (const fs::path& input : inputs)
    if (fs::is_directory(input))
      folders.push_back(input);
    else if (fs::exists(input))
      files.push_back(input);
    else if (input.has_extension())
      throw RunError(fmt::format("{}: there is no such file or folder", input.string()));
    else
      fail_missing(description, description.files.front(), {input});

  // Files given by themselves come first, then what the folders hold.
  std::vector<bool> used(files.size(), false);
  const auto look_for = [&](const DatasetFile& wanted) {
    std::vector<fs::path> found;
    for (std::size_t i = 0; i < files.size(); ++i)
      if (!used[i] && fits_name(files[i].filename().string(), wanted.name)) found.push_back(files[i]), used[i] = true;
    if (!found.empty()) return found;
    for (const fs::path& folder : folders) {
      const std::vector<fs::path> here = search(folder, wanted.name);
      if (!found.empty() && !here.empty())
        throw RunError(fmt::format("{}: another folder holds this file too ({}): expected it in one of them",
                                   here.front().string(), found.front().string()));
      if (found.empty()) found = here;
    }
    return found;
  };

  FoundFiles result;
  for (const DatasetJoin& join : description.joins) {
    const std::vector<fs::path> found = look_for(join.file);
    if (found.empty()) fail_missing(description, join.file, inputs);
    result.joins.push_back(found.front());
  }
  const DatasetFile* missing = nullptr;
  for (const DatasetFile& wanted : description.files) {
    const std::vector<fs::path> found = look_for(wanted);
    if (found.empty() && !wanted.optional && missing == nullptr) missing = &wanted;
    for (const fs::path& path : found) result.main.push_back({path, &wanted});
  }
  bool given = false;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const bool is_join = std::find(result.joins.begin(), result.joins.end(), files[i]) != result.joins.end();
    if (!used[i]) result.main.push_back({files[i], nullptr});
    given = given || !is_join;
  }
  if ((missing != nullptr && !given) || result.main.empty())
    fail_missing(description, missing != nullptr ? *missing : description.files.front(), inputs);
  return result;
}

}  // namespace c2al
