// Fuzz target of the parsers of scenarios, suites and descriptions of data sets: a file that is not well formed must
// end in UsageError, whatever it holds.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "core/error.hpp"
#include "scenarios/datasets/description.hpp"
#include "scenarios/scenario.hpp"

namespace {

/// A file in memory that the parsers can open: a disk would be the slowest part.
class InputFile {
 public:
  InputFile() : descriptor_(memfd_create("input", 0)) {}
  void write(const std::uint8_t* data, std::size_t size) {
    if (ftruncate(descriptor_, 0) != 0 || pwrite(descriptor_, data, size, 0) != static_cast<ssize_t>(size))
      std::abort();
  }
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static InputFile file;
  file.write(data, size);
  const auto expect_usage_error = [](auto&& parse) {
    try {
      parse();
    } catch (const c2al::UsageError&) {
    }
  };
  expect_usage_error([] { c2al::resolved_configuration(c2al::parse_scenario(file.path())); });
  expect_usage_error([] { c2al::parse_suite(file.path()); });
  expect_usage_error([] { c2al::parse_description(file.path()); });
  return 0;
}
