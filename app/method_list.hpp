#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace c2al {

/// The catalogue: name, summary, paper, cost, settings (key, default, unit, meaning) and properties with the reasons of
/// those that a method lacks.
nlohmann::json methods_json();

/// The same for a terminal: a line a name, its facts indented below.
std::string methods_text();

}  // namespace c2al
