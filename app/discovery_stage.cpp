#include "app/discovery_stage.hpp"

#include <fmt/format.h>

#include "app/interrupt.hpp"
#include "core/error.hpp"
#include "core/training/catalogue.hpp"
#include "core/training/trainer.hpp"

namespace c2al {

namespace {

constexpr std::uint64_t baseline_variant = 1;
constexpr std::size_t scoring_batch = 4096;

DiscoveryInput score_discovery_split(const DataSource& source, Model& model) {
  DiscoveryInput input;
  input.schema = &source.schema();
  input.h_width = model.head_width();
  const auto stream = source.open(Split::discovery, {}, scoring_batch);
  BatchView batch;
  std::vector<float> logits, h;
  while (stream->next(batch)) {
    logits.resize(batch.size);
    model.predict(batch, logits, &h);
    input.size += batch.size;
    input.logit.insert(input.logit.end(), logits.begin(), logits.end());
    input.label.insert(input.label.end(), batch.label, batch.label + batch.size);
    input.cohort.insert(input.cohort.end(), batch.cohort, batch.cohort + batch.size * batch.axes);
    input.h.insert(input.h.end(), h.begin(), h.end());
    if (batch.p_true != nullptr) input.p_true.insert(input.p_true.end(), batch.p_true, batch.p_true + batch.size);
    if (batch.p_bayes != nullptr) input.p_bayes.insert(input.p_bayes.end(), batch.p_bayes, batch.p_bayes + batch.size);
  }
  return input;
}

}  // namespace

std::optional<DiscoveryResult> run_discovery(const Scenario& scenario, const std::filesystem::path& data_directory) {
  const std::uint64_t seed = scenario.cohorts.discovery_seed;
  const ScenarioData data = load_data(scenario, seed, data_directory);
  MethodContext context;
  context.schema = &data.source->schema();
  const auto method = make_method("plain", context);
  Trainer trainer(*data.source, scenario.model, scenario.training, *method, seed, baseline_variant);
  if (!trainer.train([](std::uint64_t, std::uint64_t, std::uint64_t) { return !interrupted(); })) return std::nullopt;

  DiscoveryInput input = score_discovery_split(*data.source, trainer.model(0));
  input.seed = seed;
  DiscoveryResult result{discover(input, scenario.cohorts.discovery), data.source->schema()};
  result.table.baseline_seed = seed;
  result.table.baseline_variant = baseline_variant;
  return result;
}

void freeze_pair(Scenario& scenario, const DiscoveryResult& discovery) {
  if (!discovery.table.has_choice)
    throw RunError(
        fmt::format("{}: discovery found no pair of cohorts to choose: on every axis that is no control, a cohort has "
                    "fewer than {} "
                    "samples in the discovery split (cohorts.minimum_cohort), or the criterion is undefined",
                    scenario.file.string(), scenario.cohorts.discovery.minimum_cohort));
  const PairRow& chosen = discovery.table.pairs.at(discovery.table.chosen);
  const CohortAxis& axis = discovery.schema.axes.at(chosen.axis);
  scenario.cohorts.axis = axis.name;
  scenario.cohorts.head_cohort = axis.cohorts.at(chosen.first);
  scenario.cohorts.tail_cohort = axis.cohorts.at(chosen.second);
}

std::optional<CohortPair> least_divergent_pair(const DiscoveryResult& discovery) {
  const std::optional<std::size_t> least = least_divergent(discovery.table);
  if (!least) return std::nullopt;
  const PairRow& pair = discovery.table.pairs[*least];
  return CohortPair{pair.axis, pair.first, pair.second};
}

CohortPair cohort_pair(const Scenario& scenario, const Schema& schema) {
  CohortPair pair;
  pair.axis = schema.axis_index(scenario.cohorts.axis);
  pair.head_cohort = schema.cohort_index(pair.axis, scenario.cohorts.head_cohort);
  pair.tail_cohort = schema.cohort_index(pair.axis, scenario.cohorts.tail_cohort);
  return pair;
}

}  // namespace c2al
