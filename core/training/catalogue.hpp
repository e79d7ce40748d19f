#pragma once
#include <string>
#include <vector>

#include "core/training/method.hpp"

namespace c2al {

/// A method by its file's name.
struct CatalogueEntry {
  std::string name;
  MethodDescription (*describe)();
};

/// Every method of baselines/, by name; defined by the generated catalogue.
const std::vector<CatalogueEntry>& method_catalogue();

/// Builds a method by name with its settings. Throws UsageError for an unknown name (listing the known ones), an
/// unknown or bad setting, or a scenario the method cannot run on.
std::unique_ptr<Method> make_method(const std::string& name, const MethodContext& context, Settings settings = {});

}  // namespace c2al
