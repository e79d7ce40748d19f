#include "core/model/expert_shape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace c2al {
namespace {

using Task = std::optional<std::size_t>;

/// Experts of a task, or the shared ones, behind those the level already has.
void add_group(ExpertLevel& level, Task task, std::size_t count, std::size_t input) {
  if (count == 0) return;
  ExpertGroup group;
  group.task = task;
  group.first = level.experts;
  group.count = count;
  group.input = input;
  level.groups.push_back(group);
  level.experts += count;
}

/// A gate on the experts of the groups that `sees` accepts.
template <class F>
void add_gate(ExpertLevel& level, Task task, std::size_t input, bool learned, const F& sees) {
  ExpertGate gate;
  gate.task = task;
  gate.input = input;
  gate.learned = learned;
  for (const ExpertGroup& group : level.groups)
    for (std::size_t e = 0; sees(group) && e < group.count; ++e) gate.experts.push_back(group.first + e);
  level.gates.push_back(gate);
}

/// The task, where there is just one of several.
Owner owner_of(const std::set<std::size_t>& reached, std::size_t tasks) {
  return tasks > 1 && reached.size() == 1 ? Owner(*reached.begin()) : Owner();
}

/// Walks down from the tasks to find whose losses reach each gate and group.
void find_owners(std::vector<ExpertLevel>& levels, std::size_t tasks) {
  // Of the streams that the level makes: task t reads stream t of the last one.
  std::vector<std::set<std::size_t>> reached(tasks);
  for (std::size_t t = 0; t < tasks; ++t) reached[t] = {t};
  for (std::size_t l = levels.size(); l-- > 0;) {
    ExpertLevel& level = levels[l];
    std::vector<std::set<std::size_t>> below(l == 0 ? 1 : levels[l - 1].gates.size());
    for (std::size_t g = 0; g < level.gates.size(); ++g) {
      level.gates[g].owner = owner_of(reached[g], tasks);
      if (level.gates[g].learned) below[level.gates[g].input].insert(reached[g].begin(), reached[g].end());
    }
    for (ExpertGroup& group : level.groups) {
      std::set<std::size_t> losses;
      for (std::size_t g = 0; g < level.gates.size(); ++g) {
        const auto& seen = level.gates[g].experts;
        if (std::find(seen.begin(), seen.end(), group.first) != seen.end())
          losses.insert(reached[g].begin(), reached[g].end());
      }
      group.owner = owner_of(losses, tasks);
      below[group.input].insert(losses.begin(), losses.end());
    }
    reached = std::move(below);
  }
}

std::string owner_name(Task task) { return task ? fmt::format("task{}", *task) : "shared"; }

void lay_out_group(const std::string& prefix, const ExpertLevel& level, ExpertGroup& group, LayoutBuilder& add) {
  constexpr ParameterGroup kind = ParameterGroup::expert;
  const std::size_t n = group.count, hidden = level.hidden, width = level.width;
  group.w1 = add.drawn(prefix + "w1.weight", {n * hidden, level.in}, level.in, kind);
  group.b1 = add.drawn(prefix + "w1.bias", {n * hidden}, level.in, kind);
  group.w2 = add.drawn(prefix + "w2", {n, hidden, width}, hidden, kind);
  group.b2 = add.drawn(prefix + "b2", {n, 1, width}, hidden, kind);
  if (group.owner) add.own(*group.owner, group.w1, group.b2 + n * width - group.w1);
}

void lay_out_gate(const std::string& prefix, std::size_t in, ExpertGate& gate, LayoutBuilder& add) {
  const std::size_t n = gate.experts.size();
  gate.weight = add.drawn(prefix + "weight", {n, in}, in, ParameterGroup::gate);
  gate.bias = add.drawn(prefix + "bias", {n}, in, ParameterGroup::gate);
  if (gate.owner) add.own(*gate.owner, gate.weight, gate.bias + n - gate.weight);
}

/// The gates of all tasks as one matrix, task after task.
void lay_out_joint_gates(const std::string& prefix, ExpertLevel& level, LayoutBuilder& add) {
  const std::size_t n = level.experts, rows = level.gates.size() * n;
  const std::size_t weight = add.drawn(prefix + "weight", {rows, level.in}, level.in, ParameterGroup::gate);
  for (std::size_t g = 0; g < level.gates.size(); ++g) {
    level.gates[g].weight = weight + g * n * level.in;
    if (level.gates[g].owner) add.own(*level.gates[g].owner, level.gates[g].weight, n * level.in);
  }
  const std::size_t bias = add.drawn(prefix + "bias", {rows}, level.in, ParameterGroup::gate);
  for (std::size_t g = 0; g < level.gates.size(); ++g) {
    level.gates[g].bias = bias + g * n;
    if (level.gates[g].owner) add.own(*level.gates[g].owner, level.gates[g].bias, n);
  }
}

}  // namespace

const ExpertGroup& ExpertLevel::group_of(std::size_t expert) const {
  return *std::find_if(groups.begin(), groups.end(),
                       [=](const ExpertGroup& group) { return expert < group.first + group.count; });
}

std::vector<ExpertLevel> make_expert_levels(const HeadConfig& heads, std::size_t in_width) {
  std::vector<ExpertLevel> levels;
  if (heads.kind == HeadKind::shared_bottom) return levels;
  const std::size_t tasks = heads.tasks, count = heads.kind == HeadKind::ple ? heads.levels : 1;
  const auto any = [](const ExpertGroup&) { return true; };
  for (std::size_t l = 0; l < count; ++l) {
    ExpertLevel level;
    level.in = l == 0 ? in_width : heads.width;
    level.hidden = heads.hidden;
    level.width = heads.width;
    const auto stream = [&](std::size_t task) { return l == 0 ? std::size_t{0} : task; };
    if (heads.kind == HeadKind::mmoe) add_group(level, {}, heads.experts, 0);
    if (heads.kind == HeadKind::ple) add_group(level, {}, heads.experts, stream(tasks));
    if (heads.kind != HeadKind::mmoe)
      for (std::size_t t = 0; t < tasks; ++t)
        add_group(level, t, heads.kind == HeadKind::ple ? heads.task_experts : 1, stream(t));
    for (std::size_t t = 0; t < tasks; ++t)
      add_gate(level, t, stream(t), heads.kind != HeadKind::towers,
               [&](const ExpertGroup& group) { return !group.task || *group.task == t; });
    if (l + 1 < count) add_gate(level, {}, stream(tasks), true, any);
    levels.push_back(std::move(level));
  }
  find_owners(levels, tasks);
  return levels;
}

void lay_out_experts(HeadKind kind, std::vector<ExpertLevel>& levels, bool owned, LayoutBuilder& add) {
  const std::string prefix = expert_prefix(kind);
  for (std::size_t l = 0; l < levels.size(); ++l) {
    ExpertLevel& level = levels[l];
    const std::string level_prefix = kind == HeadKind::ple ? fmt::format("{}{}.", prefix, l) : prefix;
    for (ExpertGroup& group : level.groups)
      if (group.owner.has_value() == owned)
        lay_out_group(kind == HeadKind::mmoe ? level_prefix : level_prefix + owner_name(group.task) + ".", level, group,
                      add);
    if (kind == HeadKind::mmoe && level.gates.front().owner.has_value() == owned)
      lay_out_joint_gates(level_prefix + "gate.", level, add);
    for (ExpertGate& gate : level.gates)
      if (kind == HeadKind::ple && gate.owner.has_value() == owned)
        lay_out_gate(level_prefix + "gate." + owner_name(gate.task) + ".", level.in, gate, add);
  }
}

const char* expert_prefix(HeadKind kind) {
  return kind == HeadKind::mmoe ? "mmoe." : kind == HeadKind::ple ? "ple." : "towers.";
}

}  // namespace c2al
