#include "scenarios/datasets/description.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/error.hpp"

namespace c2al {

namespace {

std::filesystem::path description_folder() {
  const std::filesystem::path here = std::filesystem::path("scenarios") / "datasets";
  return std::filesystem::is_directory(here) ? here : std::filesystem::path(C2AL_SOURCE_DIR) / here;
}

}  // namespace

std::vector<std::string> described_datasets() {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(description_folder(), ignored))
    if (entry.is_regular_file() && entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::filesystem::path description_file(const std::string& name) {
  const std::vector<std::string> names = described_datasets();
  if (std::find(names.begin(), names.end(), name) == names.end())
    throw UsageError(fmt::format("unknown data set '{}': expected one of {}", name, fmt::join(names, ", ")));
  return description_folder() / (name + ".toml");
}

}  // namespace c2al
