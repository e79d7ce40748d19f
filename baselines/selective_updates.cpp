#include <algorithm>

#include "baselines/contrastive_pair.hpp"
#include "core/data/random_stream.hpp"

namespace c2al::baselines {

namespace {

/// Groups of tasks, by index.
using Groups = std::vector<std::vector<std::size_t>>;

/// Cuts the tasks in groups and takes one optimizer step a group within each batch, in an order drawn each step. The
/// affinity of task i to k, a running mean of 1 - L_k after / L_k before a step of i's group, includes what the step
/// did to k's own parameters; a last look at the losses measures the last group's step. Tasks of loss weight 0 take no
/// part.
class SelectiveUpdates final : public ContrastivePair {
 public:
  SelectiveUpdates(const MethodContext& context, Settings& settings)
      : ContrastivePair(context, settings),
        seed_(context.seed),
        decay_(settings.number("affinity_decay", 0.001, 0, 1)),
        warm_up_(static_cast<std::uint64_t>(settings.integer("warm_up", 100, 0, 1'000'000'000))),
        median_(settings.choice("grouping", "median", {"median", "preference"}) == "median"),
        preference_(settings.number("preference", 0, -1e6, 1e6)),
        tasks_(tasks(0).size()),
        affinity_(tasks_ * tasks_, 0.0) {
    const std::vector<TaskSpec> specs = tasks(0);
    for (std::size_t t = 0; t < tasks_; ++t)
      if (specs[t].weight > 0) active_.push_back(t);
  }

  std::vector<PlannedUpdate> plan(std::uint64_t step) override {
    groups_ = step < warm_up_ ? singletons() : best_groups();
    RandomStream stream(seed_, StreamPurpose::method, name_hash("selective_updates") + step);
    shuffle(stream, groups_);
    std::vector<PlannedUpdate> plan;
    for (const auto& group : groups_) plan.push_back({group});
    plan.push_back({});
    return plan;
  }

  void coefficients(const StepInput& input, std::span<double>, std::span<double>) override {
    if (input.update > 0) measure(groups_[input.update - 1], input.losses);
    before_.assign(input.losses.begin(), input.losses.end());
  }

  void save(StateWriter& state) const override { state.numbers("affinity", affinity_); }
  void load(StateReader& state) override { affinity_ = state.numbers("affinity"); }

 private:
  Groups singletons() const {
    Groups groups;
    for (const std::size_t t : active_) groups.push_back({t});
    return groups;
  }

  double gain(std::size_t task, std::span<const double> after) const {
    return before_[task] > 0 ? 1 - after[task] / before_[task] : 0.0;
  }

  void measure(const std::vector<std::size_t>& group, std::span<const double> after) {
    for (const std::size_t i : group) {
      for (const std::size_t k : active_) {
        double value = gain(k, after) / static_cast<double>(group.size());
        const bool together = std::find(group.begin(), group.end(), k) != group.end();
        const double own = gain(i, after) / static_cast<double>(group.size());
        // Tasks of one group whose gains differ in sign disagree, whichever of them gains; a task's affinity to itself
        // is no loss.
        if (together && k == i && value < 0) continue;
        if (together && value * own < 0) value = -std::max(value, own);
        double& mean = affinity_[i * tasks_ + k];
        mean = (1 - decay_) * mean + decay_ * value;
      }
    }
  }

  /// Mutual affinity of two tasks, each direction relative to what the other task does for itself.
  double mutual(std::size_t i, std::size_t k) const {
    const double self_i = affinity_[i * tasks_ + i], self_k = affinity_[k * tasks_ + k];
    const double to_k = self_k > 0 ? affinity_[i * tasks_ + k] / self_k : 0.0;
    const double to_i = self_i > 0 ? affinity_[k * tasks_ + i] / self_i : 0.0;
    return (to_k + to_i) / 2;
  }

  /// What a task that leads a group counts for: the median of all mutual affinities, a task's to itself included, or a
  /// given number.
  double preference() const {
    if (!median_) return preference_;
    std::vector<double> all;
    for (const std::size_t i : active_)
      for (const std::size_t k : active_) all.push_back(mutual(i, k));
    std::sort(all.begin(), all.end());
    const std::size_t middle = all.size() / 2;
    return all.size() % 2 == 1 ? all[middle] : (all[middle - 1] + all[middle]) / 2;
  }

  /// Affinity propagation's objective, solved exactly: tasks that lead a group count the preference, every other joins
  /// the leader it has the largest affinity with and counts that. More groups among equals.
  Groups best_groups() const {
    const double leader_value = preference();
    Groups best = singletons();
    double largest = static_cast<double>(active_.size()) * leader_value;
    for (std::size_t leaders = 1; leaders < (std::size_t{1} << active_.size()); ++leaders) {
      const auto leads = [&](std::size_t i) { return (leaders >> i & 1) == 1; };
      std::vector<std::vector<std::size_t>> group_of(active_.size());
      double value = 0;
      for (std::size_t i = 0; i < active_.size(); ++i) {
        if (leads(i)) {
          value += leader_value;
          group_of[i].push_back(active_[i]);
          continue;
        }
        std::size_t joined = active_.size();
        for (std::size_t k = 0; k < active_.size(); ++k)
          if (leads(k) &&
              (joined == active_.size() || mutual(active_[i], active_[k]) > mutual(active_[i], active_[joined])))
            joined = k;
        value += mutual(active_[i], active_[joined]);
        group_of[joined].push_back(active_[i]);
      }
      constexpr double rounding = 1e-12;
      if (!(value > largest + rounding)) continue;
      largest = value;
      best.clear();
      for (auto& group : group_of) {
        std::sort(group.begin(), group.end());
        if (!group.empty()) best.push_back(group);
      }
    }
    return best;
  }

  std::uint64_t seed_;
  double decay_;
  std::uint64_t warm_up_;
  bool median_;
  double preference_;
  std::size_t tasks_;
  std::vector<double> affinity_;  ///< (T, T) of the row's task to the column's
  std::vector<std::size_t> active_;
  Groups groups_;               ///< of the step under way, in order
  std::vector<double> before_;  ///< losses before the update under way
};

}  // namespace

MethodDescription selective_updates() {
  MethodDescription d = describe_auxiliary_pair<SelectiveUpdates>(
      "selective task group updates: one optimizer step a group of tasks, grouped by measured affinity",
      "Jeong and Yoon, Selective Task Group Updates for Multi-Task Optimization, ICLR 2025 (a gain is credited to the "
      "group whose step made it, as in the paper, where the authors' code credits the next one; affinity propagation "
      "solved "
      "exactly)",
      cohort_label_settings(
          {{"affinity_decay", "0.001", "weight of a new affinity in its running mean", "factor"},
           {"warm_up", "100", "steps with a group a task before affinities decide", "steps"},
           {"grouping", "median",
            "what a group of its own counts against joining another: the median affinity (the authors' choice, which "
            "leaves three tasks apart unless affinities tie), or the number `preference`",
            "median | preference"},
           {"preference", "0", "with grouping = preference: tasks of larger mutual affinity join", "factor"}}));
  d.cost = "1 forward and backward pass and 1 optimizer step a group, and 1 forward pass";
  d.properties.permutation = Permutation::none;
  d.properties.permutation_reason = "the order of the groups is drawn at random";
  d.properties.descent = Descent::none;
  d.properties.descent_reason = "a group's step ignores the other tasks";
  return d;
}

}  // namespace c2al::baselines
