#pragma once
#include <fmt/format.h>

#include "baselines/contrastive_pair.hpp"
#include "core/error.hpp"

namespace c2al::baselines {

/// C2AL's tasks on heads of another kind than one shared top MLP: the weighted losses are added up as they are.
template <HeadKind kind>
class ExpertMethod final : public ContrastivePair {
 public:
  ExpertMethod(const MethodContext& context, Settings& settings) : ContrastivePair(context, settings) {
    const auto size = [&](const char* key, std::size_t fallback, std::int64_t min, std::int64_t max) {
      return static_cast<std::size_t>(settings.integer(key, static_cast<std::int64_t>(fallback), min, max));
    };
    heads_.kind = kind;
    if (kind == HeadKind::mmoe) heads_.experts = size("experts", 4, 1, 1024);
    if (kind == HeadKind::ple) {
      heads_.experts = size("experts", 1, 1, 1024);
      heads_.task_experts = size("task_experts", 1, 1, 1024);
      heads_.levels = size("levels", 1, 1, 16);
    }
    heads_.hidden = size("expert_hidden", 0, 0, 65536);
    heads_.width = size("expert_width", 0, 0, 65536);
    const std::string match = settings.choice("match_parameters", "none", {"none", "trained", "served"});
    heads_.match = match == "trained"  ? ParameterMatch::trained
                   : match == "served" ? ParameterMatch::served
                                       : ParameterMatch::none;
    if (heads_.match != ParameterMatch::none && heads_.hidden != 0)
      throw UsageError(
          fmt::format("match_parameters = {} chooses expert_hidden itself: expected no expert_hidden, found {}", match,
                      heads_.hidden));
  }

  HeadConfig heads(std::size_t) const override { return heads_; }

 private:
  HeadConfig heads_;
};

/// The description of a method of this kind.
/// @param counts  settings that count experts
template <HeadKind kind>
MethodDescription describe_expert_method(std::string summary, std::string paper,
                                         std::vector<SettingDescription> counts = {}) {
  std::vector<SettingDescription> settings = std::move(counts);
  settings.push_back({"expert_hidden", "0",
                      "hidden width of an expert; 0: the top MLP's last width but one (else expert_width)", "units"});
  settings.push_back({"expert_width", "0", "output width of an expert; 0: the top MLP's last width", "units"});
  settings.push_back({"match_parameters", "none",
                      "take the largest expert_hidden with no more dense parameters than C2AL's model: of all that is "
                      "trained, or of what serves the primary task (where C2AL's is plain's)",
                      "none | trained | served"});
  MethodDescription d = describe_auxiliary_pair<ExpertMethod<kind>>(std::move(summary), std::move(paper),
                                                                    cohort_label_settings(std::move(settings)));
  d.properties.permutation = Permutation::none;
  d.properties.permutation_reason =
      "each task has parameters of its own, with initial values of their own, between trunk and head";
  d.properties.zero_auxiliary_is_plain = false;
  d.properties.zero_auxiliary_reason = "the primary task does not read plain's top MLP";
  return d;
}

}  // namespace c2al::baselines
