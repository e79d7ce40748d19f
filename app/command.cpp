#include "app/command.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "core/error.hpp"

namespace c2al {

cxxopts::ParseResult parse_command_line(cxxopts::Options& options, int argc, char** argv) {
  options.add_options()("h,help", "print this help and exit");
  try {
    cxxopts::ParseResult result = options.parse(argc, argv);
    if (result.count("help") > 0) {
      fmt::print("{}", options.help());
      std::fflush(stdout);
      std::exit(0);
    }
    if (!result.unmatched().empty())
      throw UsageError(fmt::format("c2al {}: unexpected argument '{}'", argv[0], result.unmatched().front()));
    return result;
  } catch (const cxxopts::exceptions::incorrect_argument_type& error) {
    // The library names the value alone; the word before it is the option.
    std::string option = "an option";
    for (int i = 2; i < argc; ++i)
      if (std::string(error.what()).find(fmt::format("‘{}’", argv[i])) != std::string::npos) option = argv[i - 1];
    throw UsageError(
        fmt::format("c2al {}: {}: {}, expected a whole number of at least 0", argv[0], option, error.what()));
  } catch (const cxxopts::exceptions::exception& error) {
    throw UsageError(fmt::format("c2al {}: {}", argv[0], error.what()));
  }
}

}  // namespace c2al
