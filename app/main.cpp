#include <fmt/format.h>

#include <Kokkos_Core.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string_view>

#include "app/discover.hpp"
#include "app/evaluate.hpp"
#include "app/generate.hpp"
#include "app/inspect.hpp"
#include "app/list.hpp"
#include "app/prepare.hpp"
#include "app/report.hpp"
#include "app/run.hpp"
#include "app/suite.hpp"
#include "app/verify.hpp"
#include "core/error.hpp"
#include "version.hpp"

namespace {

struct Command {
  const char* name;
  const char* synopsis;
  const char* summary;
  int (*run)(int argc, char** argv);
};

constexpr Command commands[] = {
    {"list", "methods|scenarios|suites|datasets|backends", "what there is", c2al::list_command},
    {"run", "SCENARIO.toml [--method NAME] [--seed N]", "train one method, evaluate it, store the result",
     c2al::run_command},
    {"discover", "SCENARIO.toml", "stage 1: every axis and cohort pair by every criterion", c2al::discover_command},
    {"generate", "SCENARIO.toml --output FILE.h5", "the synthetic data with its true probabilities",
     c2al::generate_command},
    {"prepare", "DATASET --input PATH --output FILE.h5", "a public data set's files into one file to stream from",
     c2al::prepare_command},
    {"suite", "SUITE.toml [-j JOBS]", "methods x seeds x scenarios, in parallel", c2al::suite_command},
    {"report", "DIR [--format md|csv|latex|json]", "paired statistics and a verdict on each claim",
     c2al::report_command},
    {"evaluate", "PREDICTIONS.csv", "score predictions from anywhere", c2al::evaluate_command},
    {"inspect", "FILE.h5 [PATH] | A.h5 B.h5", "look into a result, or compare two", c2al::inspect_command},
    {"verify", "FIXTURE.h5", "this build against PyTorch's values, gradients and steps", c2al::verify_command},
};

void print_help(std::FILE* out) {
  fmt::print(out,
             "c2al: reproduction and benchmark suite for cohort-contrastive auxiliary learning\n\n"
             "usage: c2al COMMAND [arguments]     c2al COMMAND --help     c2al --version\n\n");
  for (const Command& command : commands)
    fmt::print(out, "  {:<9} {:<45} {}\n", command.name, command.synopsis, command.summary);
  fmt::print(out, "\nexit codes: 0 ok, 1 run failed, 2 usage or configuration, 130 stopped by a signal\n");
}

int dispatch(int argc, char** argv) {
  if (argc < 2) {
    print_help(stderr);
    return 2;
  }
  const std::string_view name = argv[1];
  if (name == "--help" || name == "-h" || name == "help") {
    print_help(stdout);
    return 0;
  }
  if (name == "--version") {
    fmt::print("c2al {} ({})\n", C2AL_VERSION, c2al::git_hash);
    return 0;
  }
  for (const Command& command : commands)
    if (name == command.name) return command.run(argc - 1, argv + 1);
  throw c2al::UsageError(fmt::format("unknown command '{}': see c2al --help", name));
}

}  // namespace

int main(int argc, char** argv) {
  // A file over the size limit is a write error like any other.
  std::signal(SIGXFSZ, SIG_IGN);
  // Kokkos reads its own settings from the environment; command-line words belong to the commands.
  int kokkos_argc = 1;
  Kokkos::initialize(kokkos_argc, argv);
  int code = 1;
  try {
    code = dispatch(argc, argv);
  } catch (const c2al::UsageError& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    code = 2;
  } catch (const std::bad_alloc&) {
    fmt::print(stderr, "error: out of memory\n");
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
  }
  Kokkos::finalize();
  if ((std::fflush(stdout) != 0 || std::ferror(stdout) != 0) && code == 0) {
    fmt::print(stderr, "error: standard output cannot be written\n");
    code = 1;
  }
  return code;
}
