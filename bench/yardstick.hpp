#pragma once
#include <cstddef>
#include <vector>

#include "bench/measure.hpp"
#include "core/kernels/flat.hpp"
#include "core/kernels/gemm.hpp"
#include "core/model/buffer.hpp"

namespace c2al {

/// The speed of the moment: sgemm 2048 x 784 x 432 of the library behind the seam where models live, its rows shared
/// out to all threads of a host. Each window of work stands between two of its measurements, so that a busy machine
/// shows.
class Yardstick {
 public:
  Yardstick() {
    a_.grow(M * K);
    b_.grow(N * K);
    c_.grow(M * N);
    kernels::fill(space_, M * K, 1.f, a_.data());
    kernels::fill(space_, N * K, 1.f, b_.data());
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

  using Space = Kokkos::DefaultExecutionSpace;
  using Memory = Buffer<float, Space>;

  template <class Exec>
  void multiply(const Exec& exec) {
    const auto rows = [&](const auto& where, std::size_t begin, std::size_t end) {
      kernels::gemm(where, kernels::Op::none, kernels::Op::transpose, end - begin, N, K, 1.f,
                    static_cast<const float*>(a_.data()) + begin * K, K, static_cast<const float*>(b_.data()), K, 0.f,
                    c_.data() + begin * N, N);
    };
    if constexpr (kernels::runs_on_host<Exec>) {
      const auto threads = static_cast<std::size_t>(exec.concurrency());
      kernels::for_each(exec, threads, [&](const std::size_t i) {
        rows(kernels::CallingThread{}, i * M / threads, (i + 1) * M / threads);
      });
    } else {
      rows(exec, 0, M);
    }
  }

  double measure_sgemm() {
    const double seconds = seconds_of([&] {
      for (std::size_t i = 0; i < calls; ++i) multiply(space_);
    });
    return 2e-9 * calls * M * N * K / seconds;
  }

  Space space_;
  Memory a_{"yardstick a"}, b_{"yardstick b"}, c_{"yardstick c"};
  std::vector<double> rates_;
};

}  // namespace c2al
