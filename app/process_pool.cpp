#include "app/process_pool.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <thread>

#include "core/error.hpp"

extern char** environ;

namespace c2al {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kept_error_output = 8192;
constexpr int poll_milliseconds = 100;
constexpr std::chrono::seconds grace{5};

/// The environment with some variables replaced, as posix_spawn wants it.
std::vector<std::string> environment_with(const std::map<std::string, std::string>& added) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (added.count(text.substr(0, text.find('='))) == 0) result.push_back(text);
  }
  for (const auto& [name, value] : added) result.push_back(name + "=" + value);
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

struct FileActions {
  FileActions() { posix_spawn_file_actions_init(&actions); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions); }
  posix_spawn_file_actions_t actions;
};

struct Attributes {
  Attributes() { posix_spawnattr_init(&attributes); }
  ~Attributes() { posix_spawnattr_destroy(&attributes); }
  posix_spawnattr_t attributes;
};

/// A running child with the read end of its standard error. Destroying it kills its process group and reaps it.
class Child {
 public:
  Child(std::size_t index, const ChildCommand& command) : index_(index) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw RunError(fmt::format("cannot create a pipe: {}", std::strerror(errno)));
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    FileActions files;
    posix_spawn_file_actions_addopen(&files.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files.actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&files.actions, ends[1], STDERR_FILENO);
    Attributes spawn;
    posix_spawnattr_setflags(&spawn.attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&spawn.attributes, 0);
    std::vector<std::string> arguments = command.arguments, environment = environment_with(command.environment);
    const int error = posix_spawn(&pid_, arguments.front().c_str(), &files.actions, &spawn.attributes,
                                  pointers(arguments).data(), pointers(environment).data());
    close(ends[1]);
    if (error != 0) {
      close(ends[0]);
      throw RunError(fmt::format("{}: cannot be started: {}", arguments.front(), std::strerror(error)));
    }
    pipe_ = ends[0];
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (!reaped_) {
      signal_group(SIGKILL);
      while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
      }
    }
    close_pipe();
  }

  std::size_t index() const { return index_; }
  int pipe() const { return pipe_; }
  ChildResult result() const { return {exit_code_, error_output_}; }
  void signal_group(int number) const { kill(-pid_, number); }

  /// Takes what is waiting in the pipe; closes it at its end.
  void read_errors() {
    std::array<char, 4096> buffer;
    while (pipe_ >= 0) {
      const ssize_t count = read(pipe_, buffer.data(), buffer.size());
      if (count < 0 && errno == EINTR) continue;
      if (count == 0) close_pipe();
      if (count <= 0) return;
      error_output_.append(buffer.data(), static_cast<std::size_t>(count));
      if (error_output_.size() > kept_error_output) error_output_.erase(0, error_output_.size() - kept_error_output);
    }
  }

  /// True once the child has ended; takes its exit code and the rest of its standard error.
  bool ended() {
    int status = 0;
    if (reaped_ || waitpid(pid_, &status, WNOHANG) != pid_) return reaped_;
    reaped_ = true;
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    read_errors();
    return true;
  }

 private:
  void close_pipe() {
    if (pipe_ >= 0) close(pipe_);
    pipe_ = -1;
  }
  std::size_t index_;
  pid_t pid_ = -1;
  int pipe_ = -1, exit_code_ = 0;
  bool reaped_ = false;
  std::string error_output_;
};

using Children = std::vector<std::unique_ptr<Child>>;

void wait_for_output(const Children& children) {
  std::vector<pollfd> pipes;
  bool ending = false;
  for (const auto& child : children) {
    ending |= child->pipe() < 0;
    if (child->pipe() >= 0) pipes.push_back({child->pipe(), POLLIN, 0});
  }
  // A child that has closed its standard error is about to end.
  poll(pipes.data(), pipes.size(), ending ? 2 : poll_milliseconds);
  for (const auto& child : children) child->read_errors();
}

void stop_all(Children& children) {
  for (const auto& child : children) child->signal_group(SIGTERM);
  const auto deadline = Clock::now() + grace;
  while (!children.empty() && Clock::now() < deadline) {
    for (const auto& child : children) child->read_errors();
    std::erase_if(children, [](const auto& child) { return child->ended(); });
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  children.clear();
}

}  // namespace

bool run_processes(const std::vector<ChildCommand>& commands, std::size_t jobs, const PoolCallbacks& callbacks) {
  Children children;
  std::size_t next = 0;
  while (next < commands.size() || !children.empty()) {
    if (callbacks.stop && callbacks.stop()) {
      stop_all(children);
      return false;
    }
    while (children.size() < jobs && next < commands.size()) {
      try {
        children.push_back(std::make_unique<Child>(next, commands[next]));
      } catch (const RunError&) {
        stop_all(children);
        throw;
      }
      ++next;
    }
    wait_for_output(children);
    for (auto& child : children) {
      if (!child->ended()) continue;
      // A child may have been told to stop by the same signal as this process.
      if (!(callbacks.stop && callbacks.stop())) callbacks.finished(child->index(), child->result());
      child.reset();
    }
    std::erase(children, nullptr);
    if (callbacks.tick) callbacks.tick();
  }
  return true;
}

}  // namespace c2al
