#include "bench/criteo_like/criteo_rows.hpp"

#include <charconv>
#include <cmath>
#include <vector>

#include "core/data/random_stream.hpp"

namespace c2al {

namespace {

constexpr double target_rate = 0.25;
/// Chosen for logits of standard deviation about 1.
constexpr double level_effect = 0.35, integer_effect = 0.4;

struct Integer {
  double missing;  ///< share of rows
  std::int32_t smallest, largest;
};
/// Shares of I1, I2, I10 and I12: Criteo's first 8,000 rows; the others are made up, as are the ranges.
constexpr std::array<Integer, CriteoRows::integers> integer_columns{{{0.45, 0, 50},
                                                                     {0.00, -2, 1000},
                                                                     {0.20, 0, 200},
                                                                     {0.20, 0, 30},
                                                                     {0.03, 0, 60000},
                                                                     {0.20, 0, 800},
                                                                     {0.05, 0, 100},
                                                                     {0.00, 0, 50},
                                                                     {0.05, 0, 800},
                                                                     {0.45, 0, 5},
                                                                     {0.05, 0, 30},
                                                                     {0.77, 0, 10},
                                                                     {0.20, 0, 60}}};

struct Category {
  std::uint32_t levels;
  double missing;
};
/// Numbers of levels: the Kaggle set's, at most 500,000. Shares of missing fields: its first 8,000 rows where they are
/// known (none in C1, C2, C5, C7-C11, C13-C15, C17, C18, C23).
constexpr std::uint32_t many = 500'000;
constexpr std::array<Category, CriteoRows::categories> category_columns{
    {{1460, 0},  {583, 0},     {many, 0.03},   {many, 0.03}, {305, 0},      {24, 0.12}, {12517, 0},
     {633, 0},   {3, 0},       {93145, 0},     {5683, 0},    {many, 0.03},  {3194, 0},  {27, 0},
     {14992, 0}, {many, 0.03}, {10, 0},        {5652, 0},    {2173, 0.45},  {4, 0.45},  {many, 0.03},
     {18, 0.82}, {15, 0},      {286181, 0.03}, {105, 0.45},  {142572, 0.45}}};

/// Murmur3's finaliser, a bijection: different levels of a column have different texts.
std::uint32_t scattered(std::uint32_t x) {
  x = (x ^ (x >> 16)) * 0x85ebca6bu;
  x = (x ^ (x >> 13)) * 0xc2b2ae35u;
  return x ^ (x >> 16);
}

/// A rank in [0, count) with p(r) ~ 1 / (r + 1), about.
std::uint32_t long_tailed(double uniform, double count) {
  return static_cast<std::uint32_t>(std::exp(uniform * std::log(count + 1)) - 1);
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

}  // namespace

CriteoRows::CriteoRows(std::uint64_t seed) : seed_(seed) {
  std::vector<double> logits;
  for (std::uint64_t row = 0; row < 20'000; ++row) logits.push_back(draw(row).logit);
  double low = -20, high = 20;
  for (int i = 0; i < 60; ++i) {
    intercept_ = (low + high) / 2;
    double sum = 0;
    for (const double logit : logits) sum += sigmoid(intercept_ + logit);
    (sum < target_rate * static_cast<double>(logits.size()) ? low : high) = intercept_;
  }
}

CriteoRows::Draw CriteoRows::draw(std::uint64_t row) const {
  RandomStream random(seed_, StreamPurpose::samples, row);
  const auto uniform = [&] { return random.bits32() * 0x1p-32; };
  Draw draw;
  // One draw decides for all columns, so that columns of one share are missing together.
  const double absent = uniform();
  for (std::size_t j = 0; j < integers; ++j) {
    const Integer& column = integer_columns[j];
    const double u = uniform();
    const auto range = static_cast<double>(column.largest - column.smallest + 1);
    draw.integer[j] = column.smallest + static_cast<std::int32_t>(long_tailed(u, range));
    if (absent < column.missing)
      draw.missing |= std::uint64_t{1} << j;
    else
      draw.logit += integer_effect * (u - 0.5);
  }
  for (std::size_t j = 0; j < categories; ++j) {
    const Category& column = category_columns[j];
    const std::uint32_t rank = long_tailed(uniform(), column.levels);
    draw.level[j] = scattered(rank ^ (static_cast<std::uint32_t>(j + 1) << 24));
    if (absent < column.missing)
      draw.missing |= std::uint64_t{1} << (integers + j);
    else
      draw.logit += level_effect * (scattered(draw.level[j] + 1) * 0x1p-31 - 1);
  }
  draw.positive = uniform() < sigmoid(intercept_ + draw.logit);
  return draw;
}

void CriteoRows::append(std::uint64_t row, std::string& text) const {
  const Draw values = draw(row);
  text += values.positive ? '1' : '0';
  char digits[16];
  for (std::size_t j = 0; j < integers; ++j) {
    text += '\t';
    if (values.missing >> j & 1) continue;
    text.append(digits, std::to_chars(digits, digits + sizeof digits, values.integer[j]).ptr);
  }
  for (std::size_t j = 0; j < categories; ++j) {
    text += '\t';
    if (values.missing >> (integers + j) & 1) continue;
    for (int i = 0; i < 8; ++i) digits[i] = "0123456789abcdef"[values.level[j] >> (28 - 4 * i) & 15];
    text.append(digits, 8);
  }
  text += '\n';
}

}  // namespace c2al
