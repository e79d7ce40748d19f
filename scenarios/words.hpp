#pragma once
#include <array>
#include <string>
#include <vector>

#include "core/cohorts/discovery.hpp"
#include "core/model/model_config.hpp"
#include "core/model/update_rule.hpp"

namespace c2al {

/// The word that stands for a value in scenario files and in resolved configurations.
template <class E>
struct Word {
  const char* text;
  E value;
};
template <class E, std::size_t N>
using Words = std::array<Word<E>, N>;

inline constexpr Words<FmForm, 2> fm_form_words = {
    {{"covariance", FmForm::covariance}, {"pairwise", FmForm::pairwise}}};
inline constexpr Words<AttentionSource, 2> attention_words = {
    {{"mlp", AttentionSource::mlp}, {"parameter", AttentionSource::parameter}}};
inline constexpr Words<OptimizerKind, 4> optimizer_words = {{{"adam", OptimizerKind::adam},
                                                             {"adagrad", OptimizerKind::adagrad},
                                                             {"row_wise_adagrad", OptimizerKind::row_wise_adagrad},
                                                             {"sgd", OptimizerKind::sgd}}};
inline constexpr Words<DivergenceCriterion, 6> criterion_words = {
    {{"kl", DivergenceCriterion::kl},
     {"kl_reverse", DivergenceCriterion::kl_reverse},
     {"jensen_shannon", DivergenceCriterion::jensen_shannon},
     {"wasserstein", DivergenceCriterion::wasserstein},
     {"cosine", DivergenceCriterion::cosine},
     {"excess_ne", DivergenceCriterion::excess_ne}}};
/// TrainingConfig::linear_decay.
inline constexpr Words<bool, 2> decay_words = {{{"linear", true}, {"none", false}}};
/// CohortConfig::discovered.
inline constexpr Words<bool, 2> mode_words = {{{"declared", false}, {"discovered", true}}};
/// DiscoverySettings::choose_by_z.
inline constexpr Words<bool, 2> choose_by_words = {{{"z", true}, {"raw", false}}};
/// AxisConfig::private_latents.
inline constexpr Words<bool, 2> latents_words = {{{"global", false}, {"private", true}}};
inline constexpr Words<const char*, 2> precision_words = {{{"float32", "float32"}, {"float64", "float64"}}};

template <class E, std::size_t N>
std::vector<std::string> word_list(const Words<E, N>& words) {
  std::vector<std::string> list;
  for (const auto& word : words) list.emplace_back(word.text);
  return list;
}

/// The word of a value; every value has one.
template <class E, std::size_t N>
const char* word_of(const Words<E, N>& words, E value) {
  std::size_t i = 0;
  while (words[i].value != value) ++i;
  return words[i].text;
}

}  // namespace c2al
