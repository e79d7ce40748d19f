#pragma once
#include <string>
#include <vector>

#include "core/data/data_source.hpp"
#include "core/training/method.hpp"

namespace c2al {

/// A method by its file's name.
struct CatalogueEntry {
  std::string name;
  MethodDescription (*describe)();
};

/// Every method of baselines/, by name; defined by the generated catalogue.
const std::vector<CatalogueEntry>& method_catalogue();

/// The entry of a name; throws UsageError listing the known names.
const CatalogueEntry& find_method(const std::string& name);

/// What a method may know about a data source, a pair of its cohorts and a run of `steps` training steps; without a
/// least divergent pair.
MethodContext method_context(const DataSource& source, const CohortPair& pair, std::uint64_t seed, std::uint64_t steps,
                             double lambda_head, double lambda_tail);

/// Builds a method by name with its settings. Throws UsageError for an unknown name (listing the known ones), an
/// unknown or bad setting, or a scenario the method cannot run on.
std::unique_ptr<Method> make_method(const std::string& name, const MethodContext& context, Settings settings = {});

}  // namespace c2al
