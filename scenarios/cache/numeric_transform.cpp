#include "scenarios/cache/numeric_transform.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "scenarios/cache/text_hash.hpp"

namespace c2al {

double RunningMoments::deviation() const {
  return count_ == 0 ? 0.0 : std::sqrt(squares_ / static_cast<double>(count_));
}

RankSample::RankSample(std::uint64_t training_rows) : exact_(training_rows <= rank_values) {
  if (!exact_)
    threshold_ =
        static_cast<std::uint64_t>(0x1p64 * static_cast<double>(rank_values) / static_cast<double>(training_rows));
}

void RankSample::add(std::uint64_t row, double x) {
  if (std::isnan(x) || (!exact_ && hash_word(0x082efa98ec4e6c89ull, row) > threshold_)) return;
  values_.push_back(x);
}

void RankSample::sort() {
  size_ = values_.size();
  std::sort(values_.begin(), values_.end());
  std::size_t distinct = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    if (i > 0 && values_[i] == values_[distinct - 1]) {
      ++up_to_.back();
      continue;
    }
    values_[distinct++] = values_[i];
    up_to_.push_back(static_cast<std::uint32_t>(i + 1));
  }
  values_.resize(distinct);
}

double RankSample::quantile(double q) const {
  if (size_ == 0) return std::numeric_limits<double>::quiet_NaN();
  const auto below = std::min<std::uint64_t>(static_cast<std::uint64_t>(q * static_cast<double>(size_)), size_ - 1);
  return values_[static_cast<std::size_t>(std::upper_bound(up_to_.begin(), up_to_.end(), below) - up_to_.begin())];
}

double RankSample::rank(double x) const {
  const auto at = static_cast<std::size_t>(std::lower_bound(values_.begin(), values_.end(), x) - values_.begin());
  const double below = at == 0 ? 0 : up_to_[at - 1];
  const double equal = at < values_.size() && values_[at] == x ? up_to_[at] - below : 0;
  return (below + 0.5 * equal + 0.5) / (static_cast<double>(size_) + 1);
}

double signed_log(double x) { return std::copysign(std::log1p(std::abs(x)), x); }

std::string_view log_square_level(double x, std::array<char, 32>& buffer) {
  if (std::isnan(x)) return {};
  if (x > 2) {
    const double logarithm = std::log(x);
    x = std::floor(logarithm * logarithm);
  }
  return {buffer.data(),
          static_cast<std::size_t>(std::to_chars(buffer.data(), buffer.data() + buffer.size(), x).ptr - buffer.data())};
}

}  // namespace c2al
