#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/datasets/dataset.hpp"
#include "scenarios/datasets/delimited_row.hpp"

namespace c2al {

/// What a column of the Census-Income (KDD) file is.
enum class CensusColumnKind { categorical, continuous, money, instance_weight, label };

struct CensusColumn {
  const char* name;
  CensusColumnKind kind;
};

/// The 42 columns in the owner's order. Integer codes of industries, occupations, ... are categories; the instance
/// weight says how many people of the population a row stands for and is no property of the person.
const std::vector<CensusColumn>& census_columns();

/// A cohort axis and the column it is made from.
struct CensusAxis {
  DatasetAxis axis;
  std::size_t column = 0;
  /// The cohort of a row. Throws RunError naming line, column and value when the row fits none.
  std::uint16_t (*cohort)(const DelimitedRow& row) = nullptr;
};

/// sex, age (six buckets), class_of_worker (the codebook's nine classes), weeks_worked (none, part of the year, all
/// 52).
const std::vector<CensusAxis>& census_axes();

}  // namespace c2al
