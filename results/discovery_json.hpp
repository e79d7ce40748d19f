#pragma once
#include <nlohmann/json_fwd.hpp>

#include "core/cohorts/discovery.hpp"
#include "core/data/schema.hpp"

namespace c2al {

/// The discovery table with names in place of indices; undefined values are null.
nlohmann::json discovery_json(const DiscoveryTable& table, const Schema& schema);

}  // namespace c2al
