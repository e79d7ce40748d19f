#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "app/discovery_stage.hpp"
#include "core/training/method.hpp"
#include "core/training/trainer.hpp"
#include "results/run_record.hpp"
#include "scenarios/scenario.hpp"

namespace c2al {

/// One (scenario, seed) with its data, shared by all methods trained on it.
struct Experiment {
  Scenario scenario;  ///< its pair of cohorts is declared or frozen
  std::uint64_t seed = 1;
  ScenarioData data;
  double data_seconds = 0;
  CohortPair pair;
  /// Where the scenario discovers its cohorts, or a method needs one.
  std::optional<DiscoveryResult> discovery;
  double discovery_seconds = 0;
};

/// How a method's training is watched and interrupted.
struct TrainingControl {
  std::filesystem::path checkpoint;    ///< empty: none. Continued from when it exists, removed at the end
  std::uint64_t checkpoint_every = 0;  ///< steps between checkpoints; 0: only when a signal stops the run
  StepCallback progress;               ///< may be empty
};

/// Trains a method, evaluates validation and test raw and recalibrated, and observes the probe samples. Empty when a
/// signal stopped it (the checkpoint, if any, is written). Throws UsageError for an unknown method or setting, RunError
/// when training diverges or a checkpoint belongs to another run.
std::optional<RunRecord> run_method(const Experiment& experiment, const std::string& method,
                                    const TrainingControl& control);

}  // namespace c2al
