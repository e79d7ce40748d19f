#include "scenarios/datasets/catalogue.hpp"

#include <algorithm>

#include "scenarios/datasets/census_income.hpp"

namespace c2al {

const std::vector<DatasetEntry>& dataset_catalogue() {
  static const std::vector<DatasetEntry> catalogue = {census_income()};
  return catalogue;
}

const DatasetEntry* find_dataset(const std::string& name) {
  const auto& catalogue = dataset_catalogue();
  const auto found = std::find_if(catalogue.begin(), catalogue.end(), [&](const auto& e) { return e.name == name; });
  return found == catalogue.end() ? nullptr : &*found;
}

}  // namespace c2al
