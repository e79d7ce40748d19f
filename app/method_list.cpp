#include "app/method_list.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/training/catalogue.hpp"

namespace c2al {

namespace {

const char* word(Permutation permutation) {
  switch (permutation) {
    case Permutation::full:
      return "full";
    case Permutation::cyclic:
      return "cyclic";
    case Permutation::auxiliaries:
      return "auxiliaries";
    case Permutation::none:
      return "none";
  }
  return "";
}

const char* word(Descent descent) {
  switch (descent) {
    case Descent::every_task:
      return "every_task";
    case Descent::primary:
      return "primary";
    case Descent::sum:
      return "sum";
    case Descent::none:
      return "none";
  }
  return "";
}

std::string property(const char* name, const std::string& value, const std::string& reason) {
  return fmt::format("    {}: {}{}\n", name, value, reason.empty() ? "" : " (" + reason + ")");
}

std::string method_text(const std::string& name, const MethodDescription& d) {
  std::string text = fmt::format("{}\n    {}\n    paper: {}\n    cost: {}\n", name, d.summary, d.paper, d.cost);
  for (const SettingDescription& s : d.settings)
    text += fmt::format("    setting {} = {} [{}]: {}\n", s.key, s.fallback, s.unit, s.meaning);
  const MethodProperties& p = d.properties;
  text += property("permutation of tasks", word(p.permutation), p.permutation_reason);
  text +=
      property("zero auxiliary weights give plain", p.zero_auxiliary_is_plain ? "yes" : "no", p.zero_auxiliary_reason);
  return text + property("descent", word(p.descent), p.descent_reason);
}

}  // namespace

nlohmann::json methods_json() {
  nlohmann::json all = nlohmann::json::array();
  for (const CatalogueEntry& entry : method_catalogue()) {
    const MethodDescription d = entry.describe();
    const MethodProperties& p = d.properties;
    nlohmann::json settings = nlohmann::json::array();
    for (const SettingDescription& s : d.settings)
      settings.push_back({{"key", s.key}, {"default", s.fallback}, {"unit", s.unit}, {"meaning", s.meaning}});
    all.push_back({{"name", entry.name},
                   {"summary", d.summary},
                   {"paper", d.paper},
                   {"cost", d.cost},
                   {"settings", settings},
                   {"properties",
                    {{"permutation", word(p.permutation)},
                     {"permutation_reason", p.permutation_reason},
                     {"zero_auxiliary_is_plain", p.zero_auxiliary_is_plain},
                     {"zero_auxiliary_reason", p.zero_auxiliary_reason},
                     {"descent", word(p.descent)},
                     {"descent_reason", p.descent_reason}}}});
  }
  return all;
}

std::string methods_text() {
  std::string text;
  for (const CatalogueEntry& entry : method_catalogue()) text += method_text(entry.name, entry.describe());
  return text;
}

}  // namespace c2al
