#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/training/state.hpp"

namespace c2al {

/// Metrics of one recorded training step.
struct StepMetrics {
  std::uint64_t step = 0;  ///< from 0
  std::size_t model = 0;
  double learning_rate = 0;
  std::vector<double> losses;        ///< (T) means since the last record, unweighted
  std::vector<double> coefficients;  ///< (T) trunk coefficients, means since the last record
  /// Share of the steps since the last record on which the method departed from the direction of the plain weighted sum
  /// of its losses: its trunk coefficients were not all equal in one of the step's updates. Tasks of weight 0 and tasks
  /// that never move the trunk do not count.
  double acted = 0;
};

/// The sink of training metrics; implemented by the result store.
class Recorder {
 public:
  virtual ~Recorder() = default;
  virtual void begin_model(std::size_t model, const std::vector<std::string>& task_names) = 0;
  virtual void record(const StepMetrics& metrics) = 0;

  /// What was recorded so far must survive a resume.
  virtual void save(StateWriter& state) const = 0;
  virtual void load(StateReader& state) = 0;
};

}  // namespace c2al
