#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/cohorts/discovery.hpp"
#include "core/data/schema.hpp"
#include "core/evaluation/attention_statistics.hpp"
#include "core/evaluation/evaluation_table.hpp"
#include "core/model/model.hpp"
#include "core/training/method.hpp"
#include "core/training/recorder.hpp"
#include "results/histogram.hpp"

namespace c2al {

/// A layer as the probe sees it: a parameter, or an activation on the probe samples of one cohort.
struct LayerStatistics {
  /// "preceding2", "preceding1" (the two layers before the attention MLP, the nearer one last), "attention_hidden",
  /// "attention_output", "Y", "G", or "other"; results/SCHEMA.md says what each is.
  std::string role;
  std::string tensor;  ///< "layers.0.attn1.weight", "layer0/Y", ...
  std::string kind;    ///< "parameter" or "activation"
  std::string cohort;  ///< "overall" or "axis/cohort" of the pair; "overall" for parameters
  ConcentrationStatistics statistics;
  double dead_share = undefined_value;  ///< of ReLU outputs
  Histogram histogram;
};

/// A tensor of the probe samples, or a parameter, in full.
struct ProbeTensor {
  std::vector<std::size_t> shape;
  std::vector<std::string> axes;  ///< one name a dimension: "sample", "unit", ...
  std::vector<float> values;
};

/// The test split of a data set row by row, so that rows can be resampled. N rows in the split's order.
struct TestSamples {
  std::size_t axes = 0;
  std::vector<float> logit, label, weight;  ///< (N); logits as served, before recalibration
  std::vector<std::uint16_t> cohort;        ///< (N, axes)

  bool empty() const { return logit.empty(); }
};

/// Everything one run leaves behind: what the HDF5 store writes.
struct RunRecord {
  std::string scenario, method;
  std::string base_method;  ///< the method of the catalogue; another name than `method` for a variant
  std::uint64_t seed = 0;
  std::string scenario_text, resolved_configuration;
  std::map<std::string, std::string> method_settings;
  Schema schema;
  CohortPair pair;
  std::vector<std::pair<std::string, std::string>> facts;  ///< of the data
  // model
  ModelCost trained_cost, served_cost;
  // training
  std::vector<std::vector<std::string>> task_names;  ///< (model, task)
  std::vector<StepMetrics> steps;
  // evaluation: validation and test, raw and recalibrated
  std::vector<EvaluationTable> evaluations;
  TestSamples test_samples;       ///< of a data set; empty for a synthetic world, which scores by its truth
  PredictionDensities densities;  ///< of the test split, served logits before recalibration
  // attention: filled by record_attention
  double attention_gini = undefined_value;  ///< primary statistic: mean Gini of |Y(x)| of the last FM layer
  std::vector<LayerStatistics> layers;
  std::vector<std::uint64_t> probe_ids;
  std::vector<std::string> probe_cohorts;  ///< (P) cohort of the pair's axis
  /// "activation/layer0/Y", "parameter/layers.0.attn1.weight", ...; empty unless the seed is recorded in full
  std::map<std::string, ProbeTensor> probe_tensors;
  // discovery, when the scenario discovers
  bool has_discovery = false;
  DiscoveryTable discovery;
  // timing, seconds by phase
  std::vector<std::pair<std::string, double>> timing;
};

}  // namespace c2al
