#include "app/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <utility>

namespace c2al {

Progress::Progress(std::size_t total, std::string unit, std::FILE* stream)
    : total_(total),
      unit_(std::move(unit)),
      stream_(stream),
      terminal_(isatty(fileno(stream)) == 1),
      start_(std::chrono::steady_clock::now()) {
  refresh();
}

Progress::~Progress() {
  if (drawn_) fmt::print(stream_, "\n");
}

void Progress::advance(bool failed) {
  ++done_;
  failures_ += failed;
  refresh();
  const std::size_t tenths = total_ == 0 ? 10 : done_ * 10 / total_;
  if (!terminal_ && tenths > printed_tenths_) {
    printed_tenths_ = tenths;
    fmt::print(stream_, "{}\n", line());
    std::fflush(stream_);
  }
}

void Progress::refresh() {
  if (!terminal_) return;
  fmt::print(stream_, "\r\033[K{}", line());
  std::fflush(stream_);
  drawn_ = true;
}

std::string Progress::line() const {
  std::string text = fmt::format("{}/{} {}", done_, total_, unit_);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  if (done_ > 0 && seconds > 0) {
    const double rate = static_cast<double>(done_) / seconds;
    text += fmt::format(", {:.3g} a minute, {} left", rate * 60,
                        format_duration(static_cast<double>(total_ - done_) / rate));
  }
  if (failures_ > 0) text += fmt::format(", {} failed", failures_);
  return text;
}

std::string format_duration(double seconds) {
  const long whole = std::lround(seconds);
  if (whole >= 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace c2al
