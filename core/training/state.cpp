#include "core/training/state.hpp"

#include <fmt/format.h>

#include <cstring>
#include <fstream>

#include "core/error.hpp"

namespace c2al {

namespace {

constexpr char magic[8] = {'c', '2', 'a', 'l', 's', 't', '0', '1'};

template <class T>
void put(std::ofstream& out, const T& value) {
  out.write(reinterpret_cast<const char*>(&value), sizeof value);
}

template <class T>
T get(std::ifstream& in, const std::filesystem::path& file) {
  T value{};
  in.read(reinterpret_cast<char*>(&value), sizeof value);
  if (!in) throw RunError(fmt::format("{}: the checkpoint is truncated", file.string()));
  return value;
}

}  // namespace

void StateWriter::bytes(const std::string& name, const void* data, std::size_t size) {
  const auto* first = static_cast<const std::uint8_t*>(data);
  sections_[prefix_ + name].assign(first, first + size);
}

void StateWriter::write(const std::filesystem::path& file) const {
  const std::filesystem::path temporary = file.string() + ".partial";
  {
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    out.write(magic, sizeof magic);
    put(out, static_cast<std::uint64_t>(sections_.size()));
    for (const auto& [name, data] : sections_) {
      put(out, static_cast<std::uint64_t>(name.size()));
      out.write(name.data(), static_cast<std::streamsize>(name.size()));
      put(out, static_cast<std::uint64_t>(data.size()));
      out.write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size()));
    }
    out.flush();
    if (!out) {
      out.close();
      std::error_code ignored;
      std::filesystem::remove(temporary, ignored);
      throw RunError(fmt::format("{}: the checkpoint cannot be written", file.string()));
    }
  }
  std::error_code failed;
  std::filesystem::rename(temporary, file, failed);
  if (failed) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw RunError(fmt::format("{}: the checkpoint cannot be written: {}", file.string(), failed.message()));
  }
}

StateReader::StateReader(const std::filesystem::path& file) : source_(file.string()) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw RunError(fmt::format("{}: the checkpoint cannot be read", file.string()));
  char found[sizeof magic] = {};
  in.read(found, sizeof found);
  if (!in || std::memcmp(found, magic, sizeof magic) != 0)
    throw RunError(fmt::format("{}: not a checkpoint of this version", file.string()));
  std::error_code ignored;
  const std::uint64_t file_size = std::filesystem::file_size(file, ignored);
  const auto count = get<std::uint64_t>(in, file);
  const auto length = [&] {
    const auto value = get<std::uint64_t>(in, file);
    if (value > file_size) throw RunError(fmt::format("{}: the checkpoint is damaged", file.string()));
    return value;
  };
  for (std::uint64_t i = 0; i < count; ++i) {
    std::string name(length(), '\0');
    in.read(name.data(), static_cast<std::streamsize>(name.size()));
    std::vector<std::uint8_t> data(length());
    in.read(reinterpret_cast<char*>(data.data()), static_cast<std::streamsize>(data.size()));
    if (!in) throw RunError(fmt::format("{}: the checkpoint is truncated", file.string()));
    sections_[name] = std::move(data);
  }
}

const std::vector<std::uint8_t>& StateReader::section(const std::string& name) const {
  const auto found = sections_.find(prefix_ + name);
  if (found == sections_.end())
    throw RunError(fmt::format("{}: the checkpoint has no section '{}'", source_, prefix_ + name));
  return found->second;
}

void StateReader::bytes(const std::string& name, void* data, std::size_t size) const {
  const auto& found = section(name);
  if (found.size() != size)
    throw RunError(fmt::format("{}: section '{}' of the checkpoint has {} bytes, expected {}", source_, prefix_ + name,
                               found.size(), size));
  if (size > 0) std::memcpy(data, found.data(), size);
}

double StateReader::number(const std::string& name) const {
  double value = 0;
  bytes(name, &value, sizeof value);
  return value;
}

std::uint64_t StateReader::integer(const std::string& name) const {
  std::uint64_t value = 0;
  bytes(name, &value, sizeof value);
  return value;
}

std::vector<double> StateReader::numbers(const std::string& name) const {
  std::vector<double> values(section(name).size() / sizeof(double));
  bytes(name, values.data(), values.size() * sizeof(double));
  return values;
}

std::string StateReader::text(const std::string& name) const {
  const auto& found = section(name);
  return {found.begin(), found.end()};
}

}  // namespace c2al
