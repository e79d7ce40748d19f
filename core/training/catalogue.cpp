#include "core/training/catalogue.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/error.hpp"

namespace c2al {

const CatalogueEntry& find_method(const std::string& name) {
  const auto& entries = method_catalogue();
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.name == name; });
  if (found != entries.end()) return *found;
  std::vector<std::string> known;
  for (const CatalogueEntry& entry : entries) known.push_back(entry.name);
  throw UsageError(fmt::format("unknown method '{}': expected one of {}", name, fmt::join(known, ", ")));
}

std::unique_ptr<Method> make_method(const std::string& name, const MethodContext& context, Settings settings) {
  const MethodDescription description = find_method(name).describe();
  if (description.unsupported != nullptr) {
    const std::string reason = description.unsupported(*context.schema, context.pair);
    if (!reason.empty()) throw UsageError(fmt::format("method '{}' cannot run on this scenario: {}", name, reason));
  }
  return description.make(context, std::move(settings));
}

MethodContext method_context(const DataSource& source, const CohortPair& pair, std::uint64_t seed, std::uint64_t steps,
                             double lambda_head, double lambda_tail) {
  MethodContext context;
  context.schema = &source.schema();
  context.pair = pair;
  context.train_size = source.size(Split::train);
  context.train_cohort_sizes = source.cohort_sizes(Split::train, pair.axis);
  context.seed = seed;
  context.steps = steps;
  context.lambda_head = lambda_head;
  context.lambda_tail = lambda_tail;
  return context;
}

}  // namespace c2al
