#include "scenarios/cache/record_spooler.hpp"

#include <array>
#include <bit>
#include <cmath>

#include "scenarios/cache/numeric_transform.hpp"
#include "scenarios/cache/text_hash.hpp"

namespace c2al {

namespace {

std::uint32_t hashed_id(std::string_view text, std::uint32_t buckets) {
  return text.empty() ? 0 : 1 + static_cast<std::uint32_t>(text_hash(text) % buckets);
}

/// Equal numbers have equal words, whatever their bits.
std::uint64_t number_word(double x) {
  return std::isnan(x) ? ~std::uint64_t{0} : std::bit_cast<std::uint64_t>(x + 0.0);
}

}  // namespace

RecordSpooler::RecordSpooler(const DatasetDescription& description, const RecordSource& source,
                             const std::filesystem::path& beside, std::size_t block_rows)
    : by_inputs_(description.split.by == SplitRule::By::inputs),
      splits_(description.split),
      spool_(beside, plan(description, source), block_rows),
      queries_(fields_.size()) {}

std::vector<std::size_t> RecordSpooler::plan(const DatasetDescription& description, const RecordSource& source) {
  std::vector<std::size_t> widths = {sizeof(std::uint8_t), sizeof(double), sizeof(std::uint8_t), sizeof(std::uint8_t)};
  const auto add_column = [&](std::size_t width) {
    widths.push_back(width);
    return widths.size() - 1;
  };
  const auto add_field = [&](const DatasetColumn& column, std::size_t index, bool from_number) {
    fields_.push_back({column, index, from_number, add_column(sizeof(std::uint32_t)), {}});
  };
  const auto& categorical = source.categorical_columns();
  const auto& continuous = source.continuous_columns();
  for (std::size_t c = 0; c < categorical.size(); ++c) add_field(categorical[c], c, false);
  for (std::size_t c = 0; c < continuous.size(); ++c) {
    raw_columns_.push_back(add_column(sizeof(double)));
    const SpooledNumber number{continuous[c], c, raw_columns_.back()};
    if (continuous[c].transform == NumericTransform::log_square)
      add_field(continuous[c], c, true);
    else
      numbers_.push_back(number);
    if (continuous[c].missing_indicator) indicators_.push_back(number);
  }
  for (const DatasetAxisRule& rule : description.axes) {
    axes_.push_back(make_axis_encoder(rule));
    axis_columns_.push_back(add_column(axes_.back()->width()));
  }
  return widths;
}

void RecordSpooler::add(const Record& record) {
  // All slots are on their way into the cache before the first one is looked at.
  for (std::size_t f = 0; f < fields_.size(); ++f) {
    const SpooledField& field = fields_[f];
    if (!field.from_number && field.column.hash_buckets == 0)
      queries_[f] = field.vocabulary.begin(record.categorical[field.source]);
  }
  std::array<char, 32> buffer;
  for (std::size_t f = 0; f < fields_.size(); ++f) {
    SpooledField& field = fields_[f];
    const std::string_view text = field.from_number ? log_square_level(record.continuous[field.source], buffer)
                                                    : record.categorical[field.source];
    std::uint32_t code = 0;
    if (field.column.hash_buckets > 0)
      code = hashed_id(text, field.column.hash_buckets);
    else if (field.from_number)
      code = field.vocabulary.code(text);
    else if (!text.empty())
      code = field.vocabulary.code(text, queries_[f]);
    spool_.set(field.spool_column, code);
  }
  for (std::size_t c = 0; c < raw_columns_.size(); ++c) spool_.set(raw_columns_[c], record.continuous[c]);
  for (std::size_t a = 0; a < axes_.size(); ++a) axes_[a]->store(spool_, axis_columns_[a], record.axis[a]);

  std::uint64_t inputs = 0;
  if (by_inputs_) {
    for (const std::string_view text : record.categorical) inputs = hash_word(inputs, text_hash(text));
    for (const double x : record.continuous) inputs = hash_word(inputs, number_word(x));
  }
  const bool claimed = record.split.has_value();
  if (claimed) splits_.claim(*record.split);
  spool_.set(given_column, claimed ? static_cast<std::uint8_t>(*record.split) : SplitAssignment::not_given);
  spool_.set(key_column, claimed ? 0.0 : splits_.key(spool_.rows(), record.split_key, inputs));
  const bool positive = record.label > 0.5f;
  positives_ += positive;
  spool_.set(label_column, static_cast<std::uint8_t>(positive));
  spool_.end_row();
}

}  // namespace c2al
