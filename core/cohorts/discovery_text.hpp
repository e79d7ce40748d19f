#pragma once
#include <string>

#include "core/cohorts/discovery.hpp"

namespace c2al {

/// The discovery table as aligned text: every cohort, every pair by every criterion (value and z-score), control axes
/// marked, and a last line that names the chosen pair or says why there is none. Undefined values are "-".
std::string discovery_text(const DiscoveryTable& table, const Schema& schema);

}  // namespace c2al
