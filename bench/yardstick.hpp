#pragma once
#include <cstddef>
#include <vector>

#include "bench/measure.hpp"
#include "core/kernels/gemm.hpp"

namespace c2al {

/// The speed of the moment: sgemm 2048 x 784 x 432 of the library behind the seam, in the calling thread. Each window
/// of work stands between two of its measurements, so that a busy machine shows.
class Yardstick {
 public:
  Yardstick() {
    measure_sgemm();
    rates_.push_back(measure_sgemm());
  }

  /// Seconds of `work`; the yardstick is measured once more after it.
  template <class F>
  double window(const F& work) {
    const double seconds = seconds_of(work);
    rates_.push_back(measure_sgemm());
    return seconds;
  }
  /// GFLOP/s before and after the last window, their mean.
  double beside() const { return (rates_[rates_.size() - 2] + rates_.back()) / 2; }
  /// GFLOP/s of every measurement.
  const std::vector<double>& rates() const { return rates_; }

 private:
  static constexpr std::size_t M = 2048, N = 784, K = 432;
  static constexpr std::size_t calls = 6;  // about 50 ms, so that one interruption does not decide

  double measure_sgemm() {
    const double seconds = seconds_of([&] {
      for (std::size_t i = 0; i < calls; ++i)
        kernels::gemm(kernels::CallingThread{}, kernels::Op::none, kernels::Op::transpose, M, N, K, 1.f, a_.data(), K,
                      b_.data(), K, 0.f, c_.data(), N);
    });
    return 2e-9 * calls * M * N * K / seconds;
  }

  std::vector<float> a_ = std::vector<float>(M * K, 1.f), b_ = std::vector<float>(N * K, 1.f),
                     c_ = std::vector<float>(M * N);
  std::vector<double> rates_;
};

}  // namespace c2al
