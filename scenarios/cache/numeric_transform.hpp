#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace c2al {

/// Mean and population standard deviation in one pass (Welford 1962, Technometrics 4).
class RunningMoments {
 public:
  void add(double x) {
    const double step = x - mean_;
    mean_ += step / static_cast<double>(++count_);
    squares_ += step * (x - mean_);
  }
  std::uint64_t count() const { return count_; }
  double mean() const { return mean_; }
  double deviation() const;

 private:
  std::uint64_t count_ = 0;
  double mean_ = 0, squares_ = 0;
};

/// The distribution of a column among the training rows: all of its values up to `rank_values` training rows; beyond,
/// a sample of about as many, in which a row's place depends on its number alone.
class RankSample {
 public:
  static constexpr std::uint64_t rank_values = std::uint64_t{1} << 22;

  /// @param training_rows  how many rows will be offered
  explicit RankSample(std::uint64_t training_rows);
  /// Offers the value of a row; NaN counts as missing.
  void add(std::uint64_t row, double x);
  /// Ends the offers.
  void sort();

  bool exact() const { return exact_; }
  std::size_t size() const { return size_; }
  /// The value below which a share `q` of the sample lies; NaN when it is empty.
  double quantile(double q) const;
  /// (values below x + half of those equal + 1/2) / (all + 1): in (0, 1), 1/2 for the median.
  double rank(double x) const;

 private:
  bool exact_;
  std::uint64_t threshold_ = ~std::uint64_t{0};
  std::size_t size_ = 0;
  std::vector<double> values_;        ///< sorted, each once
  std::vector<std::uint32_t> up_to_;  ///< values of the sample up to and with each
};

/// sign(x) log(1 + |x|)
double signed_log(double x);

/// Criteo's log-square bucket as a text in `buffer`: floor(log(x)^2) for x > 2, else x. Empty for NaN.
std::string_view log_square_level(double x, std::array<char, 32>& buffer);

}  // namespace c2al
