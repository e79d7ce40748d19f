#include <nlohmann/json.hpp>

#include "scenarios/scenario.hpp"
#include "scenarios/words.hpp"

namespace c2al {

namespace {

using nlohmann::json;

json cohort_json(const synthetic::CohortConfig& c) {
  return {{"name", c.name},
          {"share", c.share},
          {"bias", c.bias},
          {"global_multiplier", c.global_multiplier},
          {"specific_strength", c.specific_strength}};
}

json axis_json(const synthetic::AxisConfig& a) {
  json cohorts = json::array();
  for (const auto& cohort : a.cohorts) cohorts.push_back(cohort_json(cohort));
  json conflict = json::array();
  if (!a.conflict_of.empty()) conflict = {a.conflict_of, a.conflict_with};
  return {{"name", a.name},
          {"cohorts", cohorts},
          {"visible", a.visible},
          {"proxies", a.proxies},
          {"proxy_fidelity", a.proxy_fidelity},
          {"proxy_vocabulary", a.proxy_vocabulary},
          {"specific_pairs", a.specific_pairs},
          {"latents", word_of(latents_words, a.private_latents)},
          {"conflict", conflict}};
}

json world_json(const synthetic::WorldConfig& w) {
  json axes = json::array();
  for (const auto& axis : w.axes) axes.push_back(axis_json(axis));
  return {{"objective", w.objective},
          {"fields", w.fields},
          {"vocabulary", {w.vocabulary_min, w.vocabulary_max}},
          {"zipf_exponent", w.zipf_exponent},
          {"latent_rank", w.latent_rank},
          {"base_rate", w.base_rate},
          {"linear_strength", w.linear_strength},
          {"global_strength", w.global_strength},
          {"global_pairs", w.global_pairs},
          {"inert_field", w.inert_field},
          {"axes", axes}};
}

json splits_json(const synthetic::SplitSizes& s) {
  return {{"train", s.train},
          {"discovery", s.discovery},
          {"validation", s.validation},
          {"test", s.test},
          {"test_stratified", s.test_stratified}};
}

json dataset_json(const DatasetConfig& d) {
  return {{"name", d.name},
          {"axes", d.axes},
          {"axis_inputs", d.axis_inputs},
          {"inert_field", d.inert_field},
          {"train_share", d.train_share},
          {"discovery_share", d.discovery_share},
          {"validation_share", d.validation_share},
          {"test_share", d.test_share},
          {"split_seed", d.split_seed}};
}

json model_json(const ModelConfig& m) {
  json layers = json::array();
  for (const LayerConfig& layer : m.layers) {
    json modules = json::object();
    if (layer.fm_attention)
      modules["fm_attention"] = {{"form", word_of(fm_form_words, layer.fm_attention->form)},
                                 {"attention", word_of(attention_words, layer.fm_attention->attention)},
                                 {"k", layer.fm_attention->k},
                                 {"hidden", layer.fm_attention->hidden}};
    if (layer.cross) modules["cross"] = {{"rank", layer.cross->rank}};
    if (layer.mlp) modules["mlp"] = {{"hidden", layer.mlp->hidden}};
    layers.push_back(modules);
  }
  return {{"dim", m.dim}, {"bottom_hidden", m.bottom_hidden}, {"layers", layers}, {"top", m.top}};
}

json training_json(const TrainingConfig& t) {
  return {{"batch_size", t.batch_size},
          {"epochs", t.epochs},
          {"optimizer", word_of(optimizer_words, t.optimizer)},
          {"learning_rate", t.learning_rate},
          {"embedding_learning_rate", t.embedding_learning_rate},
          {"decay", word_of(decay_words, t.linear_decay)},
          {"precision", t.precision},
          {"metric_interval", t.metric_interval},
          {"chunk_rows", t.chunk.rows},
          {"lanes", t.chunk.lanes}};
}

json cohorts_json(const CohortConfig& c) {
  return {{"mode", word_of(mode_words, c.discovered)},
          {"axis", c.axis},
          {"head_cohort", c.head_cohort},
          {"tail_cohort", c.tail_cohort},
          {"criterion", word_of(criterion_words, c.discovery.criterion)},
          {"choose_by", word_of(choose_by_words, c.discovery.choose_by_z)},
          {"bins", c.discovery.bins},
          {"permutations", c.discovery.permutations},
          {"minimum_cohort", c.discovery.minimum_cohort},
          {"folds", c.discovery.folds},
          {"ridge", c.discovery.ridge},
          {"discovery_seed", c.discovery_seed}};
}

json method_json(const Scenario& scenario) {
  json method = {{"lambda_head", scenario.lambda_head}, {"lambda_tail", scenario.lambda_tail}};
  for (const auto& [name, entry] : scenario.methods) {
    json& table = method[name] = json::object();
    if (!entry.variant_of.empty()) table["method"] = entry.variant_of;
    for (const auto& [key, value] : entry.settings.values())
      std::visit([&, &key = key](const auto& v) { table[key] = v; }, value);
  }
  return method;
}

}  // namespace

std::string resolved_configuration(const Scenario& scenario) {
  json root = {
      {"name", scenario.name},
      {"title", scenario.title},
      {"model", model_json(scenario.model)},
      {"training", training_json(scenario.training)},
      {"cohorts", cohorts_json(scenario.cohorts)},
      {"method", method_json(scenario)},
      {"record", {{"probe_samples", scenario.record.probe_samples}, {"tensor_seeds", scenario.record.tensor_seeds}}}};
  if (scenario.world) {
    root["world"] = world_json(*scenario.world);
    root["splits"] = splits_json(scenario.splits);
  } else {
    root["dataset"] = dataset_json(*scenario.dataset);
  }
  return root.dump(2);
}

}  // namespace c2al
