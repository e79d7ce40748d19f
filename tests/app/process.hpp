#pragma once
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

namespace c2al::testing {

/// How a c2al process ended and what it printed.
struct ProcessResult {
  int code = -1;  ///< exit code; 128 + signal
  std::string out, err;
};

/// Runs this build's c2al in `folder`. `interrupt_when`, when given, is asked every few milliseconds; once true, SIGINT
/// is sent.
inline ProcessResult run_c2al(const std::filesystem::path& folder, const std::vector<std::string>& words,
                              const std::function<bool()>& interrupt_when = {}) {
  const auto out = folder / "stdout.txt", err = folder / "stderr.txt";
  const pid_t child = ::fork();
  if (child == 0) {
    if (::chdir(folder.c_str()) != 0) ::_exit(127);
    const int out_fd = ::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    const int err_fd = ::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    ::dup2(out_fd, 1);
    ::dup2(err_fd, 2);
    std::vector<std::string> copy = words;
    std::string binary = C2AL_BINARY;
    std::vector<char*> argv = {binary.data()};
    for (std::string& word : copy) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv(binary.c_str(), argv.data());
    ::_exit(127);
  }
  int status = 0;
  while (::waitpid(child, &status, interrupt_when ? WNOHANG : 0) == 0) {
    if (interrupt_when()) ::kill(child, SIGINT);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  const auto read = [](const std::filesystem::path& file) {
    std::ifstream in(file);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read(out), read(err)};
}

}  // namespace c2al::testing
