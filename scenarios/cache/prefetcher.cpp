#include "scenarios/cache/prefetcher.hpp"

#include <utility>

namespace c2al::cache {

Prefetcher::Prefetcher(Load load, std::size_t first, std::size_t end)
    : load_(std::move(load)),
      next_(first),
      thread_([this, first, end](const std::stop_token& stop) { work(stop, first, end); }) {}

std::unique_ptr<Window> Prefetcher::take(std::unique_ptr<Window> spent) {
  std::unique_lock lock(mutex_);
  if (spent) spare_ = std::move(spent);
  changed_.wait(lock, [&] { return ready_ || failure_; });
  if (!ready_) std::rethrow_exception(failure_);
  ++next_;
  std::unique_ptr<Window> taken = std::move(ready_);
  changed_.notify_all();
  return taken;
}

void Prefetcher::work(const std::stop_token& stop, std::size_t first, std::size_t end) {
  try {
    for (std::size_t window = first; window < end; ++window) {
      std::unique_ptr<Window> target;
      {
        // With one window in use and one ready, a third one would only take memory.
        std::unique_lock lock(mutex_);
        if (!changed_.wait(lock, stop, [&] { return !ready_; })) return;
        target = spare_ ? std::move(spare_) : std::make_unique<Window>();
      }
      load_(window, *target, stop);
      if (stop.stop_requested()) return;
      const std::lock_guard lock(mutex_);
      ready_ = std::move(target);
      changed_.notify_all();
    }
  } catch (...) {
    const std::lock_guard lock(mutex_);
    failure_ = std::current_exception();
    changed_.notify_all();
  }
}

}  // namespace c2al::cache
