#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace c2al {

struct DatasetDescription;

/// What a scenario asks of a real data set: its section [dataset].
struct DatasetConfig {
  std::string name;  ///< of a description, or of the scenario's own
  std::shared_ptr<const DatasetDescription> description;
  std::vector<std::string> axes;         ///< cohort axes wanted, of those the data set offers
  std::vector<std::string> axis_inputs;  ///< of these, axes whose column also is an input
  bool inert_field = true;               ///< adds an inert random visible field and its control axis "sham"
  double train_share = 0.6, discovery_share = 0.1, validation_share = 0.1, test_share = 0.2;
  std::uint64_t split_seed = 1;
};

/// A cohort axis a data set offers, with its cohorts in a fixed order.
struct DatasetAxis {
  std::string name;
  std::vector<std::string> cohorts;
};

}  // namespace c2al
