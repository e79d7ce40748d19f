#pragma once
#include <map>
#include <string>
#include <vector>

#include "scenarios/datasets/record_reader.hpp"

namespace c2al {

/// A record that outlives the reader's row, by column name.
struct OwnedRecord {
  std::map<std::string, std::string> categorical;
  std::map<std::string, double> continuous;
  std::map<std::string, std::string> axis;
  float label = 0;
  std::string split_key;
  std::optional<Split> split;
};

inline std::vector<OwnedRecord> read_all(RecordReader& reader, const DatasetDescription& description) {
  std::vector<OwnedRecord> records;
  for (Record record; reader.next(record);) {
    OwnedRecord owned;
    for (std::size_t c = 0; c < record.categorical.size(); ++c)
      owned.categorical[reader.categorical_columns()[c].name] = record.categorical[c];
    for (std::size_t c = 0; c < record.continuous.size(); ++c)
      owned.continuous[reader.continuous_columns()[c].name] = record.continuous[c];
    for (std::size_t a = 0; a < record.axis.size(); ++a) owned.axis[description.axes[a].name] = record.axis[a];
    owned.label = record.label;
    owned.split_key = record.split_key;
    owned.split = record.split;
    records.push_back(std::move(owned));
  }
  return records;
}

inline std::vector<OwnedRecord> read_all(const DatasetDescription& description,
                                         const std::vector<std::filesystem::path>& inputs,
                                         OnBadRow on_bad_row = OnBadRow::stop) {
  RecordReader reader(description, inputs, on_bad_row);
  return read_all(reader, description);
}

/// The number of a record's cohort on an axis of groups or edges, as prepare forms it.
inline std::size_t cohort_of(const DatasetAxisRule& rule, const std::string& text) {
  if (text.empty()) {
    for (std::size_t c = 0; c < rule.cohorts.size(); ++c)
      if (rule.cohorts[c] == rule.missing) return c;
  }
  if (!rule.edges.empty()) {
    std::size_t cohort = 0;
    while (cohort < rule.edges.size() && rule.edges[cohort] <= std::stod(text)) ++cohort;
    return cohort;
  }
  std::size_t others = rule.cohorts.size();
  for (std::size_t g = 0; g < rule.groups.size(); ++g)
    for (const std::string& level : rule.groups[g].second) {
      if (level == text) return g;
      if (level == "*") others = g;
    }
  return others;
}

}  // namespace c2al
