#pragma once
#include <string>

#include "results/statistics.hpp"

namespace c2al {

/// What stands for an undefined value in text: an en dash.
inline constexpr const char* undefined_text = "–";

/// Fixed decimals; undefined_text for NaN, "inf" for infinity.
std::string number_text(double value, int decimals);
/// The same with its sign.
std::string signed_text(double value, int decimals);
/// "[-0.512, -0.021]".
std::string interval_text(const PairedDifference& difference, int decimals);
/// "-0.266 ± 0.104": mean and standard error.
std::string mean_text(const PairedDifference& difference, int decimals);
/// "7-/1+", with "/2=" when some are zero.
std::string sign_text(const PairedDifference& difference);
/// "8", or "6 (2 undefined)" where pairs were left out.
std::string pairs_text(const PairedDifference& difference);
/// "0.031", "<0.001".
std::string p_text(double p);

/// Decimals that suit a unit: percent 3, nats 6, pure numbers 4.
int decimals_of(const std::string& unit);

}  // namespace c2al
