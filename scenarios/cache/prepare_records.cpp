#include "scenarios/cache/prepare_records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <deque>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>

#include "core/error.hpp"
#include "core/storage/output_file.hpp"
#include "scenarios/cache/cache_format.hpp"
#include "scenarios/cache/input_encoder.hpp"
#include "scenarios/cache/record_spooler.hpp"
#include "scenarios/cache/sham_cohorts.hpp"
#include "scenarios/cache/split_column_writer.hpp"

namespace c2al {

namespace {

constexpr std::size_t block_rows = 65536;
constexpr const char* sham_axis = "sham";
constexpr const char* inert_field = "inert";

void count_cohorts(const std::vector<std::uint16_t>& cohorts, const std::vector<std::uint8_t>& split,
                   std::array<std::vector<std::uint64_t>, split_count>& sizes) {
  for (std::size_t r = 0; r < cohorts.size(); ++r) ++sizes[split[r]][cohorts[r]];
}

/// Second stage of prepare: the spool into the columns of the cache.
class CacheBuilder {
 public:
  CacheBuilder(const DatasetDescription& description, const PrepareOptions& options, RecordSpooler& rows)
      : description_(description), options_(options), rows_(rows), blocks_{rows.spool(), RecordSpooler::split_column} {
    head_.chunk_rows = options.chunk_rows;
    head_.rows = rows.splits().assign(rows.spool(), RecordSpooler::given_column, RecordSpooler::key_column,
                                      RecordSpooler::split_column);
    learn();
    make_schema();
  }

  const cache::Head& head() const { return head_; }

  /// How fields, numbers and axes came about.
  void add_facts(std::vector<std::pair<std::string, std::string>>& facts) const {
    for (std::size_t s = 0; s < split_count; ++s)
      facts.emplace_back(fmt::format("{} rows", split_name(static_cast<Split>(s))), fmt::format("{}", head_.rows[s]));
    for (std::size_t f = 0; f < fields_.size(); ++f) {
      const FieldIds& ids = fields_[f];
      facts.emplace_back("field " + head_.schema.fields[f].name,
                         ids.hashed() ? fmt::format("{} hash buckets", ids.size() - 1)
                                      : fmt::format("{} ids of {} levels", ids.size() - 1, ids.levels_seen()));
    }
    for (std::size_t n = 0; n < numbers_.size(); ++n)
      facts.emplace_back("number " + head_.schema.dense[n], numbers_[n].summary());
    for (const auto& axis : rows_.axes()) facts.emplace_back("axis " + axis->name(), axis->summary());
  }

  void write(const hdf5::Group& root, const std::vector<std::pair<std::string, std::string>>& facts) {
    head_.facts = facts;
    write_columns(root);
    write_vocabularies(root);
    cache::write_head(root, head_);
    write_description(root);
  }

 private:
  void learn() {
    for (const SpooledField& field : rows_.fields()) fields_.emplace_back(field, blocks_);
    for (const SpooledNumber& number : rows_.numbers()) numbers_.emplace_back(number, blocks_, head_.rows[0]);
    for (std::size_t a = 0; a < rows_.axes().size(); ++a)
      rows_.axes()[a]->learn(blocks_, rows_.axis_column(a), head_.rows[0]);
  }

  void make_schema() {
    Schema& schema = head_.schema;
    schema.objective = description_.objective;
    for (std::size_t f = 0; f < fields_.size(); ++f)
      schema.fields.push_back({rows_.fields()[f].column.name, fields_[f].size()});
    for (const SpooledNumber& number : rows_.numbers()) schema.dense.push_back(number.column.name);
    for (const SpooledNumber& number : rows_.indicators()) schema.dense.push_back(number.column.name + "_missing");
    for (const auto& axis : rows_.axes()) {
      const bool is_input = std::count(options_.axis_inputs.begin(), options_.axis_inputs.end(), axis->name()) > 0;
      schema.axes.push_back({axis->name(), axis->cohorts(), is_input, false});
    }
    if (options_.inert_field) {
      const std::vector<std::string>& mirrored = rows_.axes().front()->cohorts();
      schema.axes.push_back({sham_axis, mirrored, true, true});
      schema.fields.push_back({inert_field, static_cast<std::uint32_t>(mirrored.size())});
    }
    if (schema.table_rows() > std::numeric_limits<std::int32_t>::max())
      throw RunError(
          fmt::format("the fields have {} ids in all, expected at most {}; a larger minimum_count or "
                      "hash_buckets makes them fewer",
                      schema.table_rows(), std::numeric_limits<std::int32_t>::max()));
    for (const CohortAxis& axis : schema.axes) {
      auto& sizes = head_.cohort_sizes.emplace_back();
      for (auto& split : sizes) split.assign(axis.cohorts.size(), 0);
    }
  }

  ShamCohorts sham_cohorts() {
    std::array<std::vector<std::uint64_t>, split_count> sizes;
    for (auto& split : sizes) split.assign(rows_.axes().front()->cohorts().size(), 0);
    std::vector<std::uint16_t> cohorts;
    blocks_.each([&](std::size_t block, std::uint64_t /*first*/, const std::vector<std::uint8_t>& split) {
      rows_.axes().front()->read(rows_.spool(), block, rows_.axis_column(0), cohorts);
      count_cohorts(cohorts, split, sizes);
    });
    return {sizes[0], description_.split.seed};
  }

  void write_columns(const hdf5::Group& root) {
    cache::SplitGroups splits{{}, head_.rows, options_.chunk_rows, options_.compression};
    for (std::size_t s = 0; s < split_count; ++s)
      splits.groups.push_back(root.create(cache::split_path(static_cast<Split>(s))));
    using Writer = cache::SplitColumnWriter;
    const Schema& schema = head_.schema;
    std::vector<Writer> fields, dense, axes;
    for (std::size_t f = 0; f < schema.fields.size(); ++f)
      fields.push_back(
          Writer::naturals(splits, cache::column_name("field", f), schema.fields[f].name, schema.fields[f].vocabulary));
    for (std::size_t d = 0; d < schema.dense.size(); ++d)
      dense.push_back(Writer::reals(splits, cache::column_name("dense", d), schema.dense[d]));
    for (std::size_t a = 0; a < schema.axes.size(); ++a)
      axes.push_back(
          Writer::naturals(splits, cache::column_name("axis", a), schema.axes[a].name, schema.axes[a].cohorts.size()));
    Writer labels = Writer::naturals(splits, "label", schema.objective, 2);

    std::optional<ShamCohorts> sham;
    if (options_.inert_field) sham = sham_cohorts();
    const Spool& spool = rows_.spool();
    std::vector<std::uint32_t> ids;
    std::vector<double> raw;
    std::vector<float> numbers;
    std::vector<std::uint16_t> cohorts;
    std::vector<std::uint8_t> label;
    blocks_.each([&](std::size_t block, std::uint64_t /*first*/, const std::vector<std::uint8_t>& split) {
      for (std::size_t f = 0; f < fields_.size(); ++f) {
        spool.read(block, rows_.fields()[f].spool_column, ids);
        fields_[f].apply(ids);
        fields[f].append(ids, split);
      }
      for (std::size_t n = 0; n < numbers_.size(); ++n) {
        spool.read(block, rows_.numbers()[n].spool_column, raw);
        numbers_[n].apply(raw, numbers);
        dense[n].append(numbers, split);
      }
      for (std::size_t i = 0; i < rows_.indicators().size(); ++i) {
        spool.read(block, rows_.indicators()[i].spool_column, raw);
        numbers.resize(raw.size());
        for (std::size_t r = 0; r < raw.size(); ++r) numbers[r] = std::isnan(raw[r]) ? 1.0f : 0.0f;
        dense[numbers_.size() + i].append(numbers, split);
      }
      for (std::size_t a = 0; a < rows_.axes().size(); ++a) {
        rows_.axes()[a]->read(spool, block, rows_.axis_column(a), cohorts);
        count_cohorts(cohorts, split, head_.cohort_sizes[a]);
        axes[a].append(cohorts, split);
      }
      if (sham) {
        sham->draw(split.size(), cohorts);
        count_cohorts(cohorts, split, head_.cohort_sizes.back());
        axes.back().append(cohorts, split);
        fields.back().append(cohorts, split);
      }
      spool.read(block, RecordSpooler::label_column, label);
      labels.append(label, split);
    });
    for (std::vector<Writer>* writers : {&fields, &dense, &axes})
      for (Writer& writer : *writers) writer.finish();
    labels.finish();
  }

  /// Texts of the ids from 1, one after the other, and their lengths.
  void write_vocabularies(const hdf5::Group& root) {
    for (std::size_t f = 0; f < fields_.size(); ++f) {
      const FieldIds& ids = fields_[f];
      if (ids.hashed() || ids.size() == 1) continue;
      std::vector<std::uint8_t> bytes;
      std::vector<std::uint32_t> lengths;
      for (std::uint32_t id = 1; id < ids.size(); ++id) {
        const std::string_view text = ids.text(id);
        bytes.insert(bytes.end(), text.begin(), text.end());
        lengths.push_back(static_cast<std::uint32_t>(text.size()));
      }
      const hdf5::Group group = root.create("vocabulary/" + cache::column_name("field", f));
      const auto store = [&](const char* name, hid_t type, const void* values, std::size_t count) {
        const std::size_t chunk = std::min<std::size_t>(count, std::size_t{1} << 20);
        hdf5::ColumnWriter writer(group, name, type, {count, chunk, options_.compression}, head_.schema.fields[f].name);
        writer.append(values, count);
        writer.finish();
      };
      store("text", hdf5::native_type<std::uint8_t>(), bytes.data(), bytes.size());
      store("length", hdf5::native_type<std::uint32_t>(), lengths.data(), lengths.size());
    }
  }

  void write_description(const hdf5::Group& root) {
    std::ifstream file(description_.source, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    root.set("data_set", description_.name);
    root.set("licence", description_.licence);
    root.set("home", description_.home);
    root.write_text("description", text.str());
  }

  const DatasetDescription& description_;
  const PrepareOptions& options_;
  RecordSpooler& rows_;
  TrainingBlocks blocks_;
  cache::Head head_;
  std::deque<FieldIds> fields_;
  std::deque<NumberTransform> numbers_;
};

void check_options(const DatasetDescription& description, const PrepareOptions& options) {
  if (options.chunk_rows == 0) throw UsageError("chunk_rows 0: expected at least 1");
  if (options.compression < 0 || options.compression > 9)
    throw UsageError(fmt::format("compression {}: expected 0 to 9", options.compression));
  if (options.inert_field && description.axes.empty())
    throw UsageError("the inert field mirrors the first axis, but no axis is wanted");
}

}  // namespace

PrepareReport prepare_records(const DatasetDescription& description, RecordSource& source,
                              const PrepareOptions& options, const std::filesystem::path& output,
                              const PrepareProgress& progress) {
  check_options(description, options);
  require_output_file(output);
  const auto start = std::chrono::steady_clock::now();
  if (output.has_parent_path()) std::filesystem::create_directories(output.parent_path());
  RecordSpooler rows(description, source, output, block_rows);
  for (Record record; source.next(record);) {
    rows.add(record);
    if (progress && rows.spool().rows() % block_rows == 0) progress(rows.spool().rows());
  }
  rows.finish();
  if (progress) progress(rows.spool().rows());

  PrepareReport report;
  report.rows = rows.spool().rows();
  report.dropped = source.dropped();
  report.first_reasons = source.first_reasons();
  report.facts = source.facts();
  if (report.rows == 0)
    throw RunError(fmt::format("the files hold no usable row: {} read, {} dropped{}{}", source.rows_read(),
                               report.dropped, report.first_reasons.empty() ? "" : "; the first one: ",
                               report.first_reasons.empty() ? "" : report.first_reasons.front()));
  report.positive_rate = static_cast<double>(rows.positives()) / static_cast<double>(report.rows);
  report.facts.emplace_back("data set", description.name);
  report.facts.emplace_back("split", split_summary(description.split));
  report.facts.emplace_back("rows", fmt::format("{}", report.rows));
  report.facts.emplace_back("rows dropped", fmt::format("{}", report.dropped));
  for (std::size_t r = 0; r < report.first_reasons.size(); ++r)
    report.facts.emplace_back(fmt::format("dropped {}", r + 1), report.first_reasons[r]);
  report.facts.emplace_back("positive rate", fmt::format("{:.6f}", report.positive_rate));
  CacheBuilder builder(description, options, rows);
  builder.add_facts(report.facts);
  hdf5::write_file(output, [&](const hdf5::Group& root) { builder.write(root, report.facts); });
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

}  // namespace c2al
