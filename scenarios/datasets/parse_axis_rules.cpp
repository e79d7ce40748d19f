#include "scenarios/datasets/parse_axis_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "scenarios/sections.hpp"

namespace c2al {

namespace {

void read_groups(TableReader& reader, DatasetAxisRule& axis) {
  std::set<std::string> levels_seen;
  for (TableReader& group : reader.tables("groups")) {
    std::string cohort;
    std::vector<std::string> levels;
    group.require("cohort");
    group.read_name("cohort", cohort);
    group.require("levels");
    group.read("levels", levels);
    if (levels.empty()) group.fail("levels", "at least one level; \"*\" takes all others");
    for (const std::string& level : levels)
      if (!levels_seen.insert(level).second)
        group.fail("levels", fmt::format("each level once: '{}' is repeated", level));
    group.finish();
    axis.cohorts.push_back(cohort);
    axis.groups.emplace_back(cohort, std::move(levels));
  }
  if (axis.groups.empty()) reader.fail("groups", "at least one group");
}

void read_cohort_names(TableReader& reader, DatasetAxisRule& axis, std::size_t expected) {
  reader.require("cohorts");
  reader.read("cohorts", axis.cohorts);
  if (axis.cohorts.size() != expected) reader.fail("cohorts", fmt::format("{} names", expected));
}

void check_increasing(const TableReader& reader, const std::string& key, const std::vector<double>& values) {
  if (values.empty() || !std::is_sorted(values.begin(), values.end()) ||
      std::adjacent_find(values.begin(), values.end()) != values.end())
    reader.fail(key, "at least one number, each larger than the one before");
}

}  // namespace

DatasetAxisRule read_axis_rule(TableReader reader) {
  DatasetAxisRule axis;
  reader.require("name");
  reader.read_name("name", axis.name);
  if (axis.name == "sham") reader.fail("name", "another name: 'sham' is the control axis of the inert field");
  reader.require("column");
  reader.read("column", axis.column);

  const Range any{-1e300, 1e300}, share{0, 1, true, true};
  int ways = 0;
  for (const char* way : {"groups", "edges", "quantiles", "activity"}) ways += reader.has(way) ? 1 : 0;
  if (ways != 1) reader.fail("column", "exactly one of groups, edges, quantiles and activity beside it");
  if (reader.has("groups")) read_groups(reader, axis);
  if (reader.has("edges")) {
    reader.read("edges", axis.edges, any);
    check_increasing(reader, "edges", axis.edges);
    read_cohort_names(reader, axis, axis.edges.size() + 1);
  }
  if (reader.has("quantiles")) {
    reader.read("quantiles", axis.quantiles, share);
    check_increasing(reader, "quantiles", axis.quantiles);
    read_cohort_names(reader, axis, axis.quantiles.size() + 1);
  }
  if (reader.has("activity")) {
    reader.read("activity", axis.activity, share);
    check_shares(reader, "activity", axis.activity);
    read_cohort_names(reader, axis, axis.activity.size());
  }
  if (std::set<std::string>(axis.cohorts.begin(), axis.cohorts.end()).size() != axis.cohorts.size())
    reader.fail(axis.groups.empty() ? "cohorts" : "groups", "each cohort once");
  reader.read_name("missing", axis.missing);
  if (!axis.missing.empty() && std::find(axis.cohorts.begin(), axis.cohorts.end(), axis.missing) == axis.cohorts.end())
    axis.cohorts.push_back(axis.missing);
  if (axis.cohorts.size() < 2) reader.fail("column", "at least two cohorts");
  reader.finish();
  return axis;
}

}  // namespace c2al
