#include "scenarios/cache/input_encoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace c2al {

FieldIds::FieldIds(const SpooledField& field, const TrainingBlocks& blocks) : field_(field) {
  if (hashed()) return;
  std::vector<std::uint64_t> count(field.vocabulary.size() + 1, 0);
  std::vector<std::uint32_t> codes;
  blocks.each([&](std::size_t block, std::uint64_t /*first*/, const std::vector<std::uint8_t>& split) {
    blocks.spool.read(block, field.spool_column, codes);
    for (std::size_t r = 0; r < codes.size(); ++r) count[codes[r]] += split[r] == 0;
  });
  const std::uint64_t minimum = std::max<std::uint64_t>(field.column.minimum_count, 1);
  for (std::uint32_t code = 1; code < count.size(); ++code)
    if (count[code] >= minimum) codes_.push_back(code);
  std::sort(codes_.begin(), codes_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return count[a] != count[b] ? count[a] > count[b] : field.vocabulary.text(a) < field.vocabulary.text(b);
  });
  ids_.assign(count.size(), 0);
  for (std::size_t i = 0; i < codes_.size(); ++i) ids_[codes_[i]] = static_cast<std::uint32_t>(i + 1);
}

std::uint32_t FieldIds::size() const {
  return hashed() ? field_.column.hash_buckets + 1 : static_cast<std::uint32_t>(codes_.size() + 1);
}

void FieldIds::apply(std::vector<std::uint32_t>& codes) const {
  if (hashed()) return;
  for (std::uint32_t& code : codes) code = ids_[code];
}

NumberTransform::NumberTransform(const SpooledNumber& number, const TrainingBlocks& blocks, std::uint64_t training_rows)
    : kind_(number.column.transform), ranks_(training_rows) {
  std::vector<double> values;
  blocks.each([&](std::size_t block, std::uint64_t first, const std::vector<std::uint8_t>& split) {
    blocks.spool.read(block, number.spool_column, values);
    for (std::size_t r = 0; r < values.size(); ++r) {
      if (split[r] != 0) continue;
      if (std::isnan(values[r]))
        ++missing_;
      else if (kind_ == NumericTransform::quantile)
        ranks_.add(first + r, values[r]);
      else
        moments_.add(kind_ == NumericTransform::signed_log ? signed_log(values[r]) : values[r]);
    }
  });
  ranks_.sort();
}

void NumberTransform::apply(const std::vector<double>& raw, std::vector<float>& transformed) const {
  transformed.resize(raw.size());
  const double mean = moments_.mean(), deviation = moments_.deviation();
  for (std::size_t r = 0; r < raw.size(); ++r) {
    double x = raw[r];
    if (std::isnan(x)) {
      transformed[r] = 0;
    } else if (kind_ == NumericTransform::quantile) {
      transformed[r] = static_cast<float>(ranks_.rank(x) - 0.5);
    } else {
      if (kind_ == NumericTransform::signed_log) x = signed_log(x);
      transformed[r] = deviation > 0 ? static_cast<float>((x - mean) / deviation) : 0.0f;
    }
  }
}

std::string NumberTransform::summary() const {
  const std::string missing = fmt::format("{} training rows lack it", missing_);
  if (kind_ == NumericTransform::quantile)
    return fmt::format("rank among {}{} training values; {}", ranks_.exact() ? "" : "a sample of ", ranks_.size(),
                       missing);
  return fmt::format("{}: mean {:.9g}, standard deviation {:.9g}; {}",
                     kind_ == NumericTransform::signed_log ? "signed logarithm, standardised" : "standardised",
                     moments_.mean(), moments_.deviation(), missing);
}

}  // namespace c2al
