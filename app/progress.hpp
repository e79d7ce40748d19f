#pragma once
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>

namespace c2al {

/// Progress of a number of equal pieces of work: done of total, rate, time left, failures. On a terminal one line that
/// is rewritten; elsewhere a plain line every tenth of the way.
class Progress {
 public:
  /// @param unit    what is counted, plural: "work items"
  /// @param stream  must stay open; it is asked whether it is a terminal
  Progress(std::size_t total, std::string unit, std::FILE* stream);
  /// Ends the terminal's line.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void advance(bool failed);
  /// Renews the terminal's line.
  void refresh();
  std::size_t failures() const { return failures_; }
  /// "12/16 work items, 20.5 a minute, 0:12 left, 1 failed".
  std::string line() const;

 private:
  std::size_t total_, done_ = 0, failures_ = 0, printed_tenths_ = 0;
  std::string unit_;
  std::FILE* stream_;
  bool terminal_, drawn_ = false;
  std::chrono::steady_clock::time_point start_;
};

/// "0:07", "12:30", "3:05:00".
std::string format_duration(double seconds);

}  // namespace c2al
