#pragma once
#include "core/training/recorder.hpp"
#include "results/run_record.hpp"

namespace c2al {

/// Collects training metrics into a RunRecord (task_names, steps).
class RunRecorder final : public Recorder {
 public:
  /// `record` must outlive the recorder.
  explicit RunRecorder(RunRecord& record) : record_(record) {}

  void begin_model(std::size_t model, const std::vector<std::string>& task_names) override;
  void record(const StepMetrics& metrics) override;
  void save(StateWriter& state) const override;
  void load(StateReader& state) override;

 private:
  RunRecord& record_;
};

}  // namespace c2al
