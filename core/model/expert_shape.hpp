#pragma once
#include <cstddef>
#include <optional>
#include <vector>

#include "core/model/layout_builder.hpp"
#include "core/model/model_config.hpp"

namespace c2al {

/// The one task whose loss reaches something; empty where the losses of all tasks do.
using Owner = std::optional<std::size_t>;

/// Experts first .. first+count-1 of a level: same input, same owner, parameters side by side.
struct ExpertGroup {
  Owner owner;
  std::optional<std::size_t> task;  ///< whose experts they are; empty: the shared ones
  std::size_t first = 0, count = 0;
  std::size_t input = 0;  ///< stream of the level below
  /// Offsets: (count hidden, in), (count hidden), (count, hidden, width) used as z W2, (count, width).
  std::size_t w1 = 0, b1 = 0, w2 = 0, b2 = 0;
};

/// Makes one stream, (B, width), of some experts of its level: their sum weighted by softmax(W x + b), or its only
/// expert as it is.
struct ExpertGate {
  Owner owner;
  std::optional<std::size_t> task;   ///< whose gate it is; empty: the shared one
  std::size_t input = 0;             ///< stream of the level below
  std::vector<std::size_t> experts;  ///< of the level, in increasing order
  bool learned = true;               ///< false: one expert, no parameters
  std::size_t weight = 0, bias = 0;  ///< offsets: (experts, in), (experts)
};

/// Experts side by side and the gates on them; gate i makes stream i. The level below x_L has the one stream x_L.
struct ExpertLevel {
  std::size_t in = 0, hidden = 0, width = 0;
  std::size_t experts = 0;
  std::vector<ExpertGroup> groups;
  std::vector<ExpertGate> gates;

  /// The group an expert belongs to.
  const ExpertGroup& group_of(std::size_t expert) const;
};

/// Levels of experts in place of the top MLP (MMoE, PLE, one tower a task), the lowest first, parameters not yet laid
/// out. Empty for shared_bottom heads. Task t reads stream t of the last level.
/// @param heads     with all sizes filled in (resolve_heads)
/// @param in_width  of x_L
std::vector<ExpertLevel> make_expert_levels(const HeadConfig& heads, std::size_t in_width);

/// Lays out the parameters that all tasks' losses reach (owned = false, first) or those that one task's does.
void lay_out_experts(HeadKind kind, std::vector<ExpertLevel>& levels, bool owned, LayoutBuilder& add);

/// Prefix of the parameters' names: "mmoe.", "ple.", "towers."
const char* expert_prefix(HeadKind kind);

}  // namespace c2al
