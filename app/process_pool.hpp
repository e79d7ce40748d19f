#pragma once
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace c2al {

/// One child process to run.
struct ChildCommand {
  std::vector<std::string> arguments;              ///< argv; the first is the executable's path
  std::map<std::string, std::string> environment;  ///< added to this process's own
};

/// How a child ended.
struct ChildResult {
  int exit_code = 0;         ///< 128 + signal when a signal ended it
  std::string error_output;  ///< the last kilobytes of its standard error
};

/// What the pool tells its owner; every callback runs on the calling thread.
struct PoolCallbacks {
  std::function<void(std::size_t command, const ChildResult& result)> finished;
  std::function<bool()> stop;  ///< asked several times a second; true ends all children
  std::function<void()> tick;  ///< called several times a second; may be empty
};

/// Runs commands as child processes, at most `jobs` at a time, in order of their index. Children read nothing, their
/// standard output is dropped, and each leads a process group of its own, so that it can be stopped with everything it
/// started. When asked to stop: SIGTERM, and SIGKILL after five seconds; children that were stopped are not reported
/// as finished. Returns false when stopped. Throws RunError when a child cannot be started; the others are stopped
/// first.
/// @param jobs  >= 1
bool run_processes(const std::vector<ChildCommand>& commands, std::size_t jobs, const PoolCallbacks& callbacks);

}  // namespace c2al
