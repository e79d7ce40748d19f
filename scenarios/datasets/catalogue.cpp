#include "scenarios/datasets/census_income.hpp"
#include "scenarios/datasets/dataset.hpp"

namespace c2al {

const std::vector<DatasetEntry>& dataset_catalogue() {
  static const std::vector<DatasetEntry> catalogue = {census_income()};
  return catalogue;
}

}  // namespace c2al
