#pragma once
#include <array>
#include <cstdint>
#include <string>

namespace c2al {

/// Rows in the layout of Criteo's train.txt, made up: label, 13 integers, 26 categories of 8 hexadecimal digits, TAB
/// between them, LF behind; a missing value is an empty field. Levels are long-tailed (p ~ 1/rank); their numbers are
/// the public set's, but at most 500,000. The label follows from the levels by a logistic model, at a rate of about
/// 0.25. Row i depends on (seed, i) only.
class CriteoRows {
 public:
  explicit CriteoRows(std::uint64_t seed);

  /// Appends row number `row`.
  void append(std::uint64_t row, std::string& text) const;

  static constexpr std::size_t integers = 13, categories = 26;

 private:
  struct Draw {
    bool positive = false;
    std::array<std::int32_t, integers> integer{};
    std::array<std::uint32_t, categories> level{};
    std::uint64_t missing = 0;  ///< bit j: column j, integers first
    double logit = 0;           ///< without the intercept
  };
  Draw draw(std::uint64_t row) const;

  std::uint64_t seed_;
  double intercept_ = 0;
};

}  // namespace c2al
