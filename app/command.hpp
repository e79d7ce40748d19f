#pragma once
#include <cxxopts.hpp>

namespace c2al {

/// Parses a command's arguments (argv[0] is the command's name). `--help` prints the help and ends the process with
/// exit code 0. Throws UsageError for an unknown option, a bad value, or positional arguments nobody asked for.
cxxopts::ParseResult parse_command_line(cxxopts::Options& options, int argc, char** argv);

}  // namespace c2al
