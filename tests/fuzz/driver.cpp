// Runs a fuzz target, LLVMFuzzerTestOneInput, where the compiler brings no libFuzzer:
//   DRIVER SECONDS SEED PATH...   runs these files, and those in these folders, then mutations of them until the time
//   is over DRIVER FILE                   runs one input
// An input on which the target crashes, throws or takes longer than 20 s is written to crash-SEED-NUMBER.
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/fuzz/mutator.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
// There under the address sanitizer, which ends the process without a signal.
extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));

namespace {

constexpr unsigned longest_seconds = 20;

std::string current, crash_file;

void save_current() {
  const int file = open(crash_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  for (std::size_t done = 0; file >= 0 && done < current.size();) {
    const ssize_t count = write(file, current.data() + done, current.size() - done);
    if (count <= 0) break;
    done += static_cast<std::size_t>(count);
  }
  constexpr char message[] = "\nfuzz: this input fails: ";
  for (const std::string_view text : {std::string_view(message), std::string_view(crash_file), std::string_view("\n")})
    if (write(STDERR_FILENO, text.data(), text.size()) < 0) return;
}

void on_signal(int number) {
  save_current();
  signal(number, SIG_DFL);
  raise(number);
}

void catch_crashes() {
  const bool sanitized = __sanitizer_set_death_callback != nullptr;
  if (sanitized) __sanitizer_set_death_callback(save_current);
  static char stack[1 << 16];  // a stack that overflowed is no place for a handler
  stack_t alternative{};
  alternative.ss_sp = stack;
  alternative.ss_size = sizeof stack;
  sigaltstack(&alternative, nullptr);
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_ONSTACK;
  for (const int number : {SIGABRT, SIGALRM}) sigaction(number, &action, nullptr);
  if (!sanitized)
    for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) sigaction(number, &action, nullptr);
}

void run(std::string input, const std::string& name) {
  current = std::move(input);
  crash_file = name;
  alarm(longest_seconds);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(current.data()), current.size());
  alarm(0);
}

std::string read(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

int main(int argc, char** argv) {
  catch_crashes();
  if (argc == 2) {
    run(read(argv[1]), "crash-again");
    return 0;
  }
  if (argc < 4) {
    fmt::print(stderr, "usage: {} SECONDS SEED PATH...   or   {} FILE\n", argv[0], argv[0]);
    return 2;
  }
  const double seconds = std::atof(argv[1]);
  const std::uint64_t seed = std::strtoull(argv[2], nullptr, 10);
  std::vector<std::filesystem::path> files;
  for (int i = 3; i < argc; ++i)
    if (std::filesystem::is_directory(argv[i]))
      for (const auto& entry : std::filesystem::directory_iterator(argv[i])) files.push_back(entry.path());
    else
      files.push_back(argv[i]);
  if (files.empty()) {
    fmt::print(stderr, "fuzz: {} holds no file\n", argv[3]);
    return 2;
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> corpus;
  for (const auto& file : files) {
    corpus.push_back(read(file));
    run(corpus.back(), "crash-" + file.filename().string());
  }
  const c2al::fuzz::Mutator mutator(corpus, seed);
  const auto begin = std::chrono::steady_clock::now();
  std::uint64_t number = 0;
  for (; std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() < seconds; ++number)
    run(mutator.input(number), fmt::format("crash-{}-{}", seed, number));
  fmt::print("fuzz: {} inputs from {} files, seed {}: no failure\n", number, files.size(), seed);
}
