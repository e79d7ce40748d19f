#pragma once
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "scenarios/cache/cache_file.hpp"

namespace c2al::cache {

/// Loads windows in order, one ahead, in a thread of its own. Destruction stops and joins it.
class Prefetcher {
 public:
  /// Fills a window; returns early, with any contents, when the token asks to stop.
  using Load = std::function<void(std::size_t window, Window& to, const std::stop_token& stop)>;

  /// @param first, end  windows to load
  Prefetcher(Load load, std::size_t first, std::size_t end);
  /// Stops and joins; the thread uses what is declared above it.
  ~Prefetcher() = default;

  /// Number of the window that take() returns next.
  std::size_t next() const { return next_; }
  /// Waits for the next window; `spent` is used again for a later one. Throws what loading threw.
  std::unique_ptr<Window> take(std::unique_ptr<Window> spent);

 private:
  void work(const std::stop_token& stop, std::size_t first, std::size_t end);

  Load load_;
  std::size_t next_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::unique_ptr<Window> ready_, spare_;
  std::exception_ptr failure_;
  std::jthread thread_;
};

}  // namespace c2al::cache
