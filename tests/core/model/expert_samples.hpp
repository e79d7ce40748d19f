#pragma once
#include "tests/core/model/model_samples.hpp"

namespace c2al::testing {

/// Heads with experts or towers; an expert is 4 units hidden, 3 wide.
struct ExpertCase {
  std::string name;
  HeadConfig heads;
};

inline HeadConfig expert_heads(HeadKind kind, std::size_t tasks, std::size_t levels = 1) {
  HeadConfig heads;
  heads.kind = kind;
  heads.tasks = tasks;
  heads.experts = kind == HeadKind::ple ? 2 : 3;
  heads.task_experts = 2;
  heads.levels = levels;
  heads.hidden = 4;
  heads.width = 3;
  return heads;
}

/// Each kind, PLE with one to three levels, for one to three tasks.
inline std::vector<ExpertCase> expert_cases() {
  std::vector<ExpertCase> all;
  for (const std::size_t tasks : {1u, 2u, 3u}) {
    const std::string suffix = "_" + std::to_string(tasks) + (tasks == 1 ? "_task" : "_tasks");
    all.push_back({"mmoe" + suffix, expert_heads(HeadKind::mmoe, tasks)});
    all.push_back({"towers" + suffix, expert_heads(HeadKind::towers, tasks)});
    for (const std::size_t levels : {1u, 2u, 3u})
      all.push_back({"ple_" + std::to_string(levels) + suffix, expert_heads(HeadKind::ple, tasks, levels)});
  }
  return all;
}

/// Where the parameters begin that one task's loss reaches.
inline std::size_t first_own(const Model& model) { return model.layout().spans.front().size; }

/// The task whose own parameters number `offset` of the flat buffer belongs to.
inline std::size_t owner(const Model& model, std::size_t offset) {
  for (const ParameterSpan& span : model.layout().spans)
    if (offset >= span.offset && offset < span.offset + span.size) return span.tasks.front();
  return model.heads().tasks;
}

}  // namespace c2al::testing
