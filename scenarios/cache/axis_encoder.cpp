#include "scenarios/cache/axis_encoder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_map>

#include "core/error.hpp"
#include "scenarios/cache/numeric_transform.hpp"
#include "scenarios/cache/vocabulary.hpp"
#include "scenarios/tables/delimited_reader.hpp"

namespace c2al {

namespace {

/// Each different text is looked up in the groups once.
class GroupAxis final : public AxisEncoder {
 public:
  explicit GroupAxis(const DatasetAxisRule& rule) : AxisEncoder(rule), cohort_of_code_{unknown} {
    for (const auto& [cohort, levels] : rule.groups)
      for (const std::string& level : levels) {
        if (level == "*") others_ = cohort_index(cohort);
        cohort_of_level_.emplace(level, cohort_index(cohort));
      }
  }

  std::size_t width() const override { return sizeof(std::uint16_t); }

  void store(Spool& spool, std::size_t column, std::string_view text) override {
    const std::uint32_t code = seen_.code(text);
    if (code >= cohort_of_code_.size()) cohort_of_code_.resize(code + 1, unknown);
    std::uint16_t& cohort = cohort_of_code_[code];
    if (cohort == unknown) cohort = find(text);
    spool.set(column, cohort);
  }

  void read(const Spool& spool, std::size_t block, std::size_t column, std::vector<std::uint16_t>& cohorts) override {
    spool.read(block, column, cohorts);
  }

  std::string summary() const override { return "groups of levels"; }

 private:
  static constexpr std::uint16_t unknown = 0xffff;

  std::uint16_t find(std::string_view text) const {
    if (text.empty()) return missing_cohort();
    const auto found = cohort_of_level_.find(std::string(text));
    if (found != cohort_of_level_.end() && text != "*") return found->second;
    if (others_ == unknown) fail(text, "a level of one of its groups");
    return others_;
  }

  Vocabulary seen_;
  std::vector<std::uint16_t> cohort_of_code_;
  std::unordered_map<std::string, std::uint16_t> cohort_of_level_;
  std::uint16_t others_ = unknown;
};

/// Edges given, or taken at quantiles of the training rows.
class NumericAxis final : public AxisEncoder {
 public:
  explicit NumericAxis(const DatasetAxisRule& rule) : AxisEncoder(rule), edges_(rule.edges) {}

  std::size_t width() const override { return sizeof(double); }

  void store(Spool& spool, std::size_t column, std::string_view text) override {
    double x = std::numeric_limits<double>::quiet_NaN();
    if (text.empty())
      missing_cohort();
    else if (!parse_number(text, x))
      fail(text, "a number");
    spool.set(column, x);
  }

  void learn(const TrainingBlocks& blocks, std::size_t column, std::uint64_t training_rows) override {
    if (rule_.quantiles.empty()) return;
    RankSample sample(training_rows);
    std::vector<double> values;
    blocks.each([&](std::size_t block, std::uint64_t first, const std::vector<std::uint8_t>& split) {
      blocks.spool.read(block, column, values);
      for (std::size_t r = 0; r < values.size(); ++r)
        if (split[r] == 0) sample.add(first + r, values[r]);
    });
    sample.sort();
    exact_ = sample.exact();
    edges_.clear();
    for (const double q : rule_.quantiles) edges_.push_back(sample.quantile(q));
    for (std::size_t e = 0; e + 1 < edges_.size(); ++e)
      if (!(edges_[e] < edges_[e + 1]))
        throw RunError(fmt::format(
            "axis '{}': the training rows' quantiles of column '{}' are {}: expected increasing ones; the column takes "
            "too few values for these cohorts",
            rule_.name, rule_.column, fmt::join(edges_, ", ")));
  }

  void read(const Spool& spool, std::size_t block, std::size_t column, std::vector<std::uint16_t>& cohorts) override {
    spool.read(block, column, values_);
    cohorts.resize(values_.size());
    for (std::size_t r = 0; r < values_.size(); ++r)
      cohorts[r] =
          std::isnan(values_[r])
              ? missing_cohort()
              : static_cast<std::uint16_t>(std::upper_bound(edges_.begin(), edges_.end(), values_[r]) - edges_.begin());
  }

  std::string summary() const override {
    if (rule_.quantiles.empty()) return fmt::format("edges {}", fmt::join(edges_, ", "));
    return fmt::format("edges {} at the quantiles {} of {}", fmt::join(edges_, ", "), fmt::join(rule_.quantiles, ", "),
                       exact_ ? "the training rows" : "a sample of the training rows");
  }

 private:
  std::vector<double> edges_, values_;
  bool exact_ = true;
};

/// Levels by how many training rows they have: the counts, rarest first, are cut where the rows' shares reach the
/// rule's; all levels of one count share the cohort that holds the middle of their rows.
class ActivityAxis final : public AxisEncoder {
 public:
  explicit ActivityAxis(const DatasetAxisRule& rule) : AxisEncoder(rule) {}

  std::size_t width() const override { return sizeof(std::uint32_t); }

  void store(Spool& spool, std::size_t column, std::string_view text) override {
    if (text.empty()) missing_cohort();
    spool.set(column, levels_.code(text));
  }

  void learn(const TrainingBlocks& blocks, std::size_t column, std::uint64_t /*training_rows*/) override {
    std::vector<std::uint64_t> count(levels_.size() + 1, 0);
    std::vector<std::uint32_t> codes;
    blocks.each([&](std::size_t block, std::uint64_t /*first*/, const std::vector<std::uint8_t>& split) {
      blocks.spool.read(block, column, codes);
      for (std::size_t r = 0; r < codes.size(); ++r)
        if (split[r] == 0) ++count[codes[r]];
    });
    count[0] = 0;
    std::vector<std::uint64_t> sorted(count.begin() + 1, count.end());
    std::sort(sorted.begin(), sorted.end());
    const double total = static_cast<double>(std::accumulate(sorted.begin(), sorted.end(), std::uint64_t{0}));
    std::unordered_map<std::uint64_t, std::uint16_t> cohort_of_count;
    largest_.assign(rule_.activity.size(), 0);
    std::uint64_t before = 0;
    for (std::size_t i = 0; i < sorted.size();) {
      std::size_t end = i;
      while (end < sorted.size() && sorted[end] == sorted[i]) ++end;
      const std::uint64_t rows = sorted[i] * (end - i);
      const double middle = static_cast<double>(before) + 0.5 * static_cast<double>(rows);
      std::uint16_t cohort = 0;
      for (double reached = rule_.activity[0]; cohort + 1u < rule_.activity.size() && middle >= reached * total;)
        reached += rule_.activity[++cohort];
      cohort_of_count[sorted[i]] = cohort;
      largest_[cohort] = sorted[i];
      before += rows;
      i = end;
    }
    cohort_of_code_.assign(count.size(), 0);
    for (std::size_t code = 1; code < count.size(); ++code) cohort_of_code_[code] = cohort_of_count[count[code]];
    if (!rule_.missing.empty()) cohort_of_code_[0] = missing_cohort();
  }

  void read(const Spool& spool, std::size_t block, std::size_t column, std::vector<std::uint16_t>& cohorts) override {
    spool.read(block, column, codes_);
    cohorts.resize(codes_.size());
    for (std::size_t r = 0; r < codes_.size(); ++r) cohorts[r] = cohort_of_code_[codes_[r]];
  }

  std::string summary() const override {
    return fmt::format("training rows of the level, up to {}", fmt::join(largest_, ", "));
  }

 private:
  Vocabulary levels_;
  std::vector<std::uint16_t> cohort_of_code_;
  std::vector<std::uint64_t> largest_;
  std::vector<std::uint32_t> codes_;
};

}  // namespace

void TrainingBlocks::each(
    const std::function<void(std::size_t, std::uint64_t, const std::vector<std::uint8_t>&)>& visit) const {
  std::vector<std::uint8_t> split;
  std::uint64_t first = 0;
  for (std::size_t b = 0; b < spool.blocks(); ++b) {
    spool.read(b, split_column, split);
    visit(b, first, split);
    first += split.size();
  }
}

AxisEncoder::AxisEncoder(const DatasetAxisRule& rule) : rule_(rule), cohorts_(rule.cohorts) {}

std::uint16_t AxisEncoder::cohort_index(const std::string& name) const {
  return static_cast<std::uint16_t>(std::find(cohorts_.begin(), cohorts_.end(), name) - cohorts_.begin());
}

std::uint16_t AxisEncoder::missing_cohort() const {
  if (rule_.missing.empty()) fail("", "a value: the axis has no cohort for missing ones");
  return cohort_index(rule_.missing);
}

void AxisEncoder::fail(std::string_view text, const std::string& expected) const {
  throw RunError(
      fmt::format("axis '{}': column '{}': value '{}': expected {}", rule_.name, rule_.column, text, expected));
}

std::unique_ptr<AxisEncoder> make_axis_encoder(const DatasetAxisRule& rule) {
  const int ways = !rule.groups.empty() + !rule.edges.empty() + !rule.quantiles.empty() + !rule.activity.empty();
  if (ways != 1)
    throw UsageError(fmt::format("axis '{}': expected one of groups, edges, quantiles and activity", rule.name));
  const std::size_t needed = !rule.groups.empty()     ? rule.cohorts.size()
                             : !rule.activity.empty() ? rule.activity.size()
                                                      : rule.edges.size() + rule.quantiles.size() + 1;
  if (rule.cohorts.size() < needed)
    throw UsageError(
        fmt::format("axis '{}': {} cohorts are named, expected {}", rule.name, rule.cohorts.size(), needed));
  if (!rule.groups.empty()) return std::make_unique<GroupAxis>(rule);
  if (!rule.activity.empty()) return std::make_unique<ActivityAxis>(rule);
  return std::make_unique<NumericAxis>(rule);
}

}  // namespace c2al
