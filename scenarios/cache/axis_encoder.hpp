#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/cache/spool.hpp"
#include "scenarios/datasets/description.hpp"

namespace c2al {

/// Calls back with every block of the spool and the splits of its rows.
struct TrainingBlocks {
  const Spool& spool;
  std::size_t split_column;
  /// @param visit  (block, first row's number, split of each row)
  void each(const std::function<void(std::size_t, std::uint64_t, const std::vector<std::uint8_t>&)>& visit) const;
};

/// Makes the cohorts of one axis: a value a row while the text is read, the cohort when the training rows are known.
class AxisEncoder {
 public:
  virtual ~AxisEncoder() = default;

  const std::string& name() const { return rule_.name; }
  const std::string& column() const { return rule_.column; }
  const std::vector<std::string>& cohorts() const { return cohorts_; }
  /// Bytes of the value that is spooled.
  virtual std::size_t width() const = 0;
  /// Spools a row's value. Throws RunError for one that belongs to no cohort.
  virtual void store(Spool& spool, std::size_t column, std::string_view text) = 0;
  /// Learns from the training rows what the cohorts depend on.
  virtual void learn(const TrainingBlocks& /*blocks*/, std::size_t /*column*/, std::uint64_t /*training_rows*/) {}
  /// Cohort of each row of a block.
  virtual void read(const Spool& spool, std::size_t block, std::size_t column, std::vector<std::uint16_t>& cohorts) = 0;
  /// How the cohorts were made, for the facts.
  virtual std::string summary() const = 0;

 protected:
  explicit AxisEncoder(const DatasetAxisRule& rule);
  std::uint16_t cohort_index(const std::string& name) const;
  /// The cohort of missing values. Throws RunError where the rule has none.
  std::uint16_t missing_cohort() const;
  [[noreturn]] void fail(std::string_view text, const std::string& expected) const;

  DatasetAxisRule rule_;
  std::vector<std::string> cohorts_;
};

/// Throws UsageError for a rule of none or several of the ways to make an axis.
std::unique_ptr<AxisEncoder> make_axis_encoder(const DatasetAxisRule& rule);

}  // namespace c2al
