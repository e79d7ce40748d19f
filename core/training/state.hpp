#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace c2al {

/// Named byte sections of a checkpoint, in memory. Doubles and integers are kept exactly.
class StateWriter {
 public:
  void bytes(const std::string& name, const void* data, std::size_t size);
  void number(const std::string& name, double value) { bytes(name, &value, sizeof value); }
  void integer(const std::string& name, std::uint64_t value) { bytes(name, &value, sizeof value); }
  void numbers(const std::string& name, const std::vector<double>& values) {
    bytes(name, values.data(), values.size() * sizeof(double));
  }
  void text(const std::string& name, const std::string& value) { bytes(name, value.data(), value.size()); }
  /// Prefix put before every name written from here on ("model0/"); empty to end it.
  void scope(const std::string& prefix) { prefix_ = prefix; }
  /// Writes all sections under a temporary name, then renames. Throws RunError naming the file.
  void write(const std::filesystem::path& file) const;

  const std::map<std::string, std::vector<std::uint8_t>>& sections() const { return sections_; }

 private:
  std::string prefix_;
  std::map<std::string, std::vector<std::uint8_t>> sections_;
};

/// Reads what StateWriter wrote. Every getter throws RunError naming the section when it is missing or of another size.
class StateReader {
 public:
  explicit StateReader(const std::filesystem::path& file);
  explicit StateReader(const StateWriter& writer) : source_("memory"), sections_(writer.sections()) {}

  void bytes(const std::string& name, void* data, std::size_t size) const;
  double number(const std::string& name) const;
  std::uint64_t integer(const std::string& name) const;
  std::vector<double> numbers(const std::string& name) const;
  std::string text(const std::string& name) const;
  void scope(const std::string& prefix) { prefix_ = prefix; }

 private:
  const std::vector<std::uint8_t>& section(const std::string& name) const;
  std::string source_, prefix_;
  std::map<std::string, std::vector<std::uint8_t>> sections_;
};

}  // namespace c2al
