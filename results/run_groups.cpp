#include <fmt/format.h>

#include "core/error.hpp"
#include "results/store_groups.hpp"

namespace c2al::store {

namespace {

/// Columns of /evaluation: name, unit, member.
struct ScoreColumn {
  const char* name;
  const char* units;
  double CohortScores::*member;
};

constexpr ScoreColumn score_columns[] = {
    {"samples", "1", &CohortScores::samples},
    {"weight", "1", &CohortScores::weight},
    {"positives", "1", &CohortScores::positives},
    {"base_rate", "1", &CohortScores::base_rate},
    {"ne", "1", &CohortScores::ne},
    {"log_loss", "nat", &CohortScores::log_loss},
    {"auc", "1", &CohortScores::auc},
    {"calibration", "1", &CohortScores::calibration},
    {"ece", "1", &CohortScores::ece},
    {"expected_ne", "1", &CohortScores::expected_ne},
    {"expected_log_loss", "nat", &CohortScores::expected_log_loss},
    {"bayes_ne", "1", &CohortScores::bayes_ne},
    {"bayes_log_loss", "nat", &CohortScores::bayes_log_loss},
    {"gap_to_bayes", "1", &CohortScores::gap_to_bayes},
};

void write_cost(const hdf5::Group& parent, const std::string& name, const ModelCost& cost) {
  const hdf5::Group group = parent.create(name);
  group.write_scalar("dense_parameters", static_cast<std::uint64_t>(cost.dense_parameters));
  group.write_scalar("embedding_parameters", static_cast<std::uint64_t>(cost.embedding_parameters));
  group.write_scalar("forward_flop", cost.forward_flop);
  group.write_scalar("step_flop", cost.step_flop);
}

std::string model_name(std::size_t model) { return fmt::format("model{}", model); }

}  // namespace

void write_costs(const hdf5::Group& root, const ModelCost& trained, const ModelCost& served) {
  const hdf5::Group group = root.create("model");
  write_cost(group, "trained", trained);
  write_cost(group, "served", served);
}

ModelCost read_cost(const hdf5::Group& root, const std::string& which) {
  const hdf5::Group group = root.open("model/" + which);
  ModelCost cost;
  cost.dense_parameters = group.read_scalar<std::uint64_t>("dense_parameters");
  cost.embedding_parameters = group.read_scalar<std::uint64_t>("embedding_parameters");
  cost.forward_flop = group.read_scalar<double>("forward_flop");
  cost.step_flop = group.read_scalar<double>("step_flop");
  return cost;
}

void write_training(const hdf5::Group& root, const std::vector<std::vector<std::string>>& task_names,
                    const std::vector<StepMetrics>& steps) {
  const hdf5::Group training = root.create("training");
  training.set("default", model_name(0));
  for (std::size_t model = 0; model < task_names.size(); ++model) {
    const std::size_t tasks = task_names[model].size();
    std::vector<std::uint64_t> step;
    std::vector<double> rate, loss, coefficient, acted;
    for (const StepMetrics& metrics : steps) {
      if (metrics.model != model) continue;
      if (metrics.losses.size() != tasks || metrics.coefficients.size() != tasks)
        training.fail(model_name(model),
                      fmt::format("step {} has {} losses and {} coefficients for {} tasks", metrics.step,
                                  metrics.losses.size(), metrics.coefficients.size(), tasks));
      step.push_back(metrics.step);
      rate.push_back(metrics.learning_rate);
      loss.insert(loss.end(), metrics.losses.begin(), metrics.losses.end());
      acted.push_back(metrics.acted);
      coefficient.insert(coefficient.end(), metrics.coefficients.begin(), metrics.coefficients.end());
    }
    const hdf5::Group group = training.create(model_name(model), "NXdata");
    group.set_plot("loss", {"step", "."});
    group.write_texts("task", task_names[model], "task");
    group.write("step", step, "step");
    group.write("learning_rate", rate, "step");
    group.write<double>("loss", loss, {step.size(), tasks}, {"nat", {"step", "task"}});
    group.write<double>("coefficient", coefficient, {step.size(), tasks}, {"1", {"step", "task"}});
    group.write("acted", acted, "step");
  }
}

double read_acted_share(const hdf5::Group& root) {
  const hdf5::Group training = root.open("training");
  double sum = 0;
  std::size_t models = 0;
  for (; training.has(model_name(models)); ++models) {
    const hdf5::Group group = training.open(model_name(models));
    const auto step = group.read<std::uint64_t>("step");
    const auto acted = group.read<double>("acted", step.size());
    double acted_steps = 0;
    for (std::size_t i = 0; i < step.size(); ++i)
      acted_steps += acted[i] * static_cast<double>(i == 0 ? step[0] + 1 : step[i] - step[i - 1]);
    if (!step.empty()) sum += acted_steps / static_cast<double>(step.back() + 1);
  }
  return models > 0 ? sum / static_cast<double>(models) : 0;
}

std::vector<std::vector<std::string>> read_task_names(const hdf5::Group& root) {
  const hdf5::Group training = root.open("training");
  std::vector<std::vector<std::string>> names;
  while (training.has(model_name(names.size())))
    names.push_back(training.open(model_name(names.size())).read_texts("task"));
  return names;
}

void write_evaluations(const hdf5::Group& root, const std::vector<EvaluationTable>& tables) {
  const hdf5::Group evaluation = root.create("evaluation");
  for (const EvaluationTable& table : tables) {
    const std::string logits = table.recalibrated ? "recalibrated" : "raw";
    if (!evaluation.has(table.split)) evaluation.create(table.split).set("default", logits);
    const hdf5::Group group = evaluation.create(table.split + "/" + logits, "NXdata");
    group.set_plot("ne", {"."});
    group.set("scale", table.scale);
    group.set("offset", table.offset);
    std::vector<std::string> axis, cohort;
    for (const CohortScores& row : table.rows) {
      axis.push_back(row.axis);
      cohort.push_back(row.cohort);
    }
    group.write_texts("axis", axis, "cohort");
    group.write_texts("cohort", cohort, "cohort");
    for (const ScoreColumn& column : score_columns) {
      std::vector<double> values;
      for (const CohortScores& row : table.rows) values.push_back(row.*column.member);
      group.write(column.name, values, "cohort", column.units);
    }
  }
}

std::vector<EvaluationTable> read_evaluations(const hdf5::Group& root) {
  const hdf5::Group evaluation = root.open("evaluation");
  std::vector<EvaluationTable> tables;
  for (const std::string& split : evaluation.members())
    for (const std::string& logits : evaluation.open(split).members()) {
      const hdf5::Group group = evaluation.open(split + "/" + logits);
      EvaluationTable table;
      table.split = split;
      table.recalibrated = logits == "recalibrated";
      table.scale = group.real("scale");
      table.offset = group.real("offset");
      const auto cohort = group.read_texts("cohort");
      const auto axis = group.read_texts("axis", cohort.size());
      table.rows.resize(cohort.size());
      for (std::size_t i = 0; i < cohort.size(); ++i) {
        table.rows[i].axis = axis[i];
        table.rows[i].cohort = cohort[i];
      }
      for (const ScoreColumn& column : score_columns) {
        const auto values = group.read<double>(column.name, cohort.size());
        for (std::size_t i = 0; i < values.size(); ++i) table.rows[i].*column.member = values[i];
      }
      tables.push_back(std::move(table));
    }
  return tables;
}

void write_samples(const hdf5::Group& root, const TestSamples& samples) {
  if (samples.empty()) return;
  const hdf5::Group group = root.create("samples");
  const std::size_t rows = samples.logit.size();
  group.write("logit", samples.logit, "sample");
  group.write<std::uint8_t>("label", {samples.label.begin(), samples.label.end()}, "sample");
  group.write("weight", samples.weight, "sample");
  group.write<std::uint16_t>("cohort", samples.cohort, {rows, samples.axes}, {"1", {"sample", "axis"}});
}

TestSamples read_samples(const hdf5::Group& root) {
  TestSamples samples;
  if (!root.has("samples")) return samples;
  const hdf5::Group group = root.open("samples");
  samples.logit = group.read<float>("logit");
  const std::size_t rows = samples.logit.size();
  const auto label = group.read<std::uint8_t>("label", rows);
  samples.label.assign(label.begin(), label.end());
  samples.weight = group.read<float>("weight", rows);
  samples.cohort = group.read<std::uint16_t>("cohort");
  samples.axes = rows == 0 ? 0 : samples.cohort.size() / rows;
  return samples;
}

void write_densities(const hdf5::Group& root, const PredictionDensities& densities) {
  const hdf5::Group group = root.create("predictions", "NXdata");
  group.set_plot("density", {".", "logit"});
  std::vector<double> values;
  for (const std::vector<double>& row : densities.density) values.insert(values.end(), row.begin(), row.end());
  const std::size_t bins = densities.edges.empty() ? 0 : densities.edges.size() - 1;
  group.write_texts("cohort", densities.cohorts, "cohort");
  group.write("logit", densities.edges, "edge");
  group.write<double>("density", values, {densities.cohorts.size(), bins}, {"1", {"cohort", "logit"}});
}

}  // namespace c2al::store
