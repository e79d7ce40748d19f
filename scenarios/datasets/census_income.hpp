#pragma once
#include "scenarios/datasets/catalogue.hpp"

namespace c2al {

/// Census-Income (KDD), T. Lane and R. Kohavi, UCI Machine Learning Repository no. 117: 33 categorical and 7 continuous
/// inputs, label income above 50,000 dollars, files as the owner publishes them.
///
/// With census-income.test.gz alone every row is drawn into a split by a hash of its inputs, so rows with equal inputs
/// share a split. With census-income.data.gz beside it the owner's split holds: the test file is the test split, the
/// data file is drawn into the other three; rows of the data file that repeat a row of the test file in every column
/// are left out.
DatasetEntry census_income();

}  // namespace c2al
