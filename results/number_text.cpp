#include "results/number_text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace c2al {

std::string number_text(double value, int decimals) {
  return std::isnan(value) ? undefined_text : fmt::format("{:.{}f}", value, decimals);
}

std::string signed_text(double value, int decimals) {
  return std::isnan(value) ? undefined_text : fmt::format("{:+.{}f}", value, decimals);
}

std::string interval_text(const PairedDifference& difference, int decimals) {
  if (std::isnan(difference.low)) return undefined_text;
  return fmt::format("[{}, {}]", signed_text(difference.low, decimals), signed_text(difference.high, decimals));
}

std::string mean_text(const PairedDifference& difference, int decimals) {
  if (std::isnan(difference.mean)) return undefined_text;
  return fmt::format("{} ± {}", signed_text(difference.mean, decimals),
                     number_text(difference.standard_error, decimals));
}

std::string sign_text(const PairedDifference& difference) {
  if (difference.n == 0) return undefined_text;
  const std::string text = fmt::format("{}-/{}+", difference.negative, difference.positive);
  return difference.zero > 0 ? text + fmt::format("/{}=", difference.zero) : text;
}

std::string pairs_text(const PairedDifference& difference) {
  if (difference.undefined == 0) return std::to_string(difference.n);
  return fmt::format("{} ({} undefined)", difference.n, difference.undefined);
}

std::string p_text(double p) {
  if (std::isnan(p)) return undefined_text;
  return p < 0.001 ? "<0.001" : fmt::format("{:.3f}", p);
}

int decimals_of(const std::string& unit) {
  if (unit == "nat") return 6;
  return unit == "%" ? 3 : 4;
}

}  // namespace c2al
