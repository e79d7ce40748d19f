#include <fmt/format.h>

#include <functional>

#include "results/store_groups.hpp"

namespace c2al::store {

namespace {

struct CriterionName {
  DivergenceCriterion criterion;
  const char* name;
};

constexpr CriterionName criterion_names[] = {
    {DivergenceCriterion::kl, "kl"},
    {DivergenceCriterion::kl_reverse, "kl_reverse"},
    {DivergenceCriterion::jensen_shannon, "jensen_shannon"},
    {DivergenceCriterion::wasserstein, "wasserstein"},
    {DivergenceCriterion::cosine, "cosine"},
    {DivergenceCriterion::excess_ne, "excess_ne"},
};

struct DivergenceColumn {
  const char* name;
  const char* units;
  Divergence PairRow::*member;
};

constexpr DivergenceColumn divergence_columns[] = {
    {"kl", "nat", &PairRow::kl},
    {"kl_reverse", "nat", &PairRow::kl_reverse},
    {"jensen_shannon", "1", &PairRow::jensen_shannon},
    {"wasserstein", "1", &PairRow::wasserstein},
    {"cosine", "1", &PairRow::cosine},
};

struct CohortColumn {
  const char* name;
  double CohortRow::*member;
};

constexpr CohortColumn cohort_columns[] = {
    {"samples", &CohortRow::samples},
    {"base_rate", &CohortRow::base_rate},
    {"mean_prediction", &CohortRow::mean_prediction},
    {"ne", &CohortRow::ne},
    {"excess_ne_estimated", &CohortRow::excess_ne_estimated},
    {"excess_ne_oracle", &CohortRow::excess_ne_oracle},
};

void write_settings(const hdf5::Group& group, const DiscoverySettings& settings) {
  for (const CriterionName& entry : criterion_names)
    if (entry.criterion == settings.criterion) group.set("criterion", entry.name);
  group.set("choose_by_z", std::int64_t{settings.choose_by_z});
  group.set("bins", static_cast<std::uint64_t>(settings.bins));
  group.set("permutations", static_cast<std::uint64_t>(settings.permutations));
  group.set("minimum_cohort", static_cast<std::uint64_t>(settings.minimum_cohort));
  group.set("folds", static_cast<std::uint64_t>(settings.folds));
  group.set("ridge", settings.ridge);
}

DiscoverySettings read_settings(const hdf5::Group& group) {
  DiscoverySettings settings;
  const std::string criterion = group.text("criterion");
  bool known = false;
  for (const CriterionName& entry : criterion_names)
    if (criterion == entry.name) {
      settings.criterion = entry.criterion;
      known = true;
    }
  if (!known) group.fail("@criterion", fmt::format("unknown criterion '{}'", criterion));
  settings.choose_by_z = group.integer("choose_by_z") != 0;
  settings.bins = group.natural("bins");
  settings.permutations = group.natural("permutations");
  settings.minimum_cohort = group.natural("minimum_cohort");
  settings.folds = group.natural("folds");
  settings.ridge = group.real("ridge");
  return settings;
}

template <class Row, class Value>
std::vector<Value> column_of(const std::vector<Row>& rows, const std::function<Value(const Row&)>& value) {
  std::vector<Value> values;
  for (const Row& row : rows) values.push_back(value(row));
  return values;
}

}  // namespace

void write_discovery_table(const hdf5::Group& root, const Schema& schema, const DiscoveryTable& table) {
  const hdf5::Group discovery = root.create("discovery");
  write_settings(discovery, table.settings);
  discovery.set("baseline_seed", table.baseline_seed);
  discovery.set("baseline_variant", table.baseline_variant);
  discovery.set("chosen", table.has_choice ? static_cast<std::int64_t>(table.chosen) : std::int64_t{-1});

  const hdf5::Group cohorts = discovery.create("cohorts");
  const auto cohort_text = [&](const char* name, const std::function<std::string(const CohortRow&)>& text) {
    cohorts.write_texts(name, column_of(table.cohorts, text), "cohort");
  };
  cohort_text("axis", [&](const CohortRow& row) { return schema.axes.at(row.axis).name; });
  cohort_text("cohort", [&](const CohortRow& row) { return schema.axes.at(row.axis).cohorts.at(row.cohort); });
  for (const CohortColumn& column : cohort_columns)
    cohorts.write(column.name,
                  column_of<CohortRow, double>(table.cohorts, [&](const CohortRow& row) { return row.*column.member; }),
                  "cohort");

  const hdf5::Group pairs = discovery.create("pairs");
  const auto pair_text = [&](const char* name, const std::function<std::string(const PairRow&)>& text) {
    pairs.write_texts(name, column_of(table.pairs, text), "pair");
  };
  pair_text("axis", [&](const PairRow& row) { return schema.axes.at(row.axis).name; });
  pair_text("first", [&](const PairRow& row) { return schema.axes.at(row.axis).cohorts.at(row.first); });
  pair_text("second", [&](const PairRow& row) { return schema.axes.at(row.axis).cohorts.at(row.second); });
  pairs.write("eligible",
              column_of<PairRow, std::uint8_t>(table.pairs, [](const PairRow& row) { return row.eligible; }), "pair");
  for (const DivergenceColumn& column : divergence_columns) {
    const auto part = [&](double Divergence::*member) {
      return column_of<PairRow, double>(table.pairs, [&](const PairRow& row) { return row.*column.member.*member; });
    };
    pairs.write(column.name, part(&Divergence::value), "pair", column.units);
    pairs.write(std::string(column.name) + "_z", part(&Divergence::z), "pair");
  }
}

DiscoveryTable read_discovery_table(const hdf5::Group& root, const Schema& schema) {
  const hdf5::Group discovery = root.open("discovery");
  DiscoveryTable table;
  table.settings = read_settings(discovery);
  table.baseline_seed = discovery.natural("baseline_seed");
  table.baseline_variant = discovery.natural("baseline_variant");

  const hdf5::Group cohorts = discovery.open("cohorts");
  const auto cohort_axis = cohorts.read_texts("axis");
  const std::size_t cohort_count = cohort_axis.size();
  const auto cohort_name = cohorts.read_texts("cohort", cohort_count);
  table.cohorts.resize(cohort_count);
  for (std::size_t i = 0; i < cohort_count; ++i) {
    table.cohorts[i].axis = schema.axis_index(cohort_axis[i]);
    table.cohorts[i].cohort = schema.cohort_index(table.cohorts[i].axis, cohort_name[i]);
  }
  for (const CohortColumn& column : cohort_columns) {
    const auto values = cohorts.read<double>(column.name, cohort_count);
    for (std::size_t i = 0; i < cohort_count; ++i) table.cohorts[i].*column.member = values[i];
  }

  const hdf5::Group pairs = discovery.open("pairs");
  const auto pair_axis = pairs.read_texts("axis");
  const std::size_t pair_count = pair_axis.size();
  const auto first = pairs.read_texts("first", pair_count);
  const auto second = pairs.read_texts("second", pair_count);
  const auto eligible = pairs.read<std::uint8_t>("eligible", pair_count);
  table.pairs.resize(pair_count);
  for (std::size_t i = 0; i < pair_count; ++i) {
    PairRow& row = table.pairs[i];
    row.axis = schema.axis_index(pair_axis[i]);
    row.first = schema.cohort_index(row.axis, first[i]);
    row.second = schema.cohort_index(row.axis, second[i]);
    row.eligible = eligible[i] != 0;
  }
  for (const DivergenceColumn& column : divergence_columns) {
    const auto values = pairs.read<double>(column.name, pair_count);
    const auto scores = pairs.read<double>(std::string(column.name) + "_z", pair_count);
    for (std::size_t i = 0; i < pair_count; ++i) table.pairs[i].*column.member = {values[i], scores[i]};
  }
  const std::int64_t chosen = discovery.integer("chosen");
  if (chosen >= static_cast<std::int64_t>(pair_count))
    discovery.fail("@chosen", fmt::format("is {}, but there are {} pairs", chosen, pair_count));
  table.has_choice = chosen >= 0;
  if (table.has_choice) table.chosen = static_cast<std::size_t>(chosen);
  return table;
}

}  // namespace c2al::store
