#pragma once
#include <memory>
#include <string>

#include "core/training/catalogue.hpp"
#include "scenarios/scenario.hpp"

namespace c2al {

/// The catalogue's method that a name stands for in a scenario: itself, or what it is a variant of. Throws UsageError
/// listing the catalogue and the scenario's variants.
const CatalogueEntry& method_named(const Scenario& scenario, const std::string& name);

/// Settings that the scenario gives a method or variant, empty ones where it gives none.
Settings method_settings(const Scenario& scenario, const std::string& name);

/// Builds a method or variant with its settings. Throws as make_method does.
std::unique_ptr<Method> make_method_named(const Scenario& scenario, const std::string& name,
                                          const MethodContext& context);

/// Throws UsageError at the first table that names no method, or is a variant of what is none, of a variant, or under
/// a name of the catalogue.
void check_method_tables(const MethodTables& tables);

/// Gives a scenario the tables of its suite. Throws UsageError where both have one of the same name: which one counts
/// would be a guess.
void add_method_tables(Scenario& scenario, const MethodTables& of_suite);

}  // namespace c2al
