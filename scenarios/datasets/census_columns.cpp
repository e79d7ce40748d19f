#include "scenarios/datasets/census_columns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace c2al {

namespace {

constexpr std::size_t age_column = 0, class_column = 1, sex_column = 12, weeks_column = 39;

/// The position of a column's text among the codebook's values.
template <std::size_t N>
std::uint16_t code(const DelimitedRow& row, std::size_t column, const std::array<const char*, N>& values) {
  const auto found = std::find(values.begin(), values.end(), row.text(column));
  if (found == values.end()) row.fail(column, fmt::format("one of '{}'", fmt::join(values, "', '")));
  return static_cast<std::uint16_t>(found - values.begin());
}

std::uint16_t sex(const DelimitedRow& row) {
  return code(row, sex_column, std::array<const char*, 2>{"Female", "Male"});
}

std::uint16_t class_of_worker(const DelimitedRow& row) {
  return code(row, class_column,
              std::array<const char*, 9>{"Not in universe", "Private", "Self-employed-not incorporated",
                                         "Self-employed-incorporated", "Local government", "State government",
                                         "Federal government", "Never worked", "Without pay"});
}

std::uint16_t age(const DelimitedRow& row) {
  constexpr std::array<double, 5> first_ages = {25, 35, 45, 55, 65};
  const double years = row.number(age_column);
  return static_cast<std::uint16_t>(std::upper_bound(first_ages.begin(), first_ages.end(), years) - first_ages.begin());
}

std::uint16_t weeks_worked(const DelimitedRow& row) {
  const double weeks = row.number(weeks_column);
  if (weeks < 0 || weeks > 52) row.fail(weeks_column, "0 to 52 weeks");
  return weeks == 0 ? 0 : weeks < 52 ? 1 : 2;
}

}  // namespace

const std::vector<CensusColumn>& census_columns() {
  using enum CensusColumnKind;
  static const std::vector<CensusColumn> columns = {{"age", continuous},
                                                    {"class_of_worker", categorical},
                                                    {"industry_code", categorical},
                                                    {"occupation_code", categorical},
                                                    {"education", categorical},
                                                    {"wage_per_hour", money},
                                                    {"enrolled_in_education", categorical},
                                                    {"marital_status", categorical},
                                                    {"major_industry", categorical},
                                                    {"major_occupation", categorical},
                                                    {"race", categorical},
                                                    {"hispanic_origin", categorical},
                                                    {"sex", categorical},
                                                    {"labor_union_member", categorical},
                                                    {"reason_for_unemployment", categorical},
                                                    {"full_or_part_time", categorical},
                                                    {"capital_gains", money},
                                                    {"capital_losses", money},
                                                    {"dividends", money},
                                                    {"tax_filer_status", categorical},
                                                    {"region_of_previous_residence", categorical},
                                                    {"state_of_previous_residence", categorical},
                                                    {"household_and_family_detail", categorical},
                                                    {"household_summary", categorical},
                                                    {"instance_weight", instance_weight},
                                                    {"migration_msa", categorical},
                                                    {"migration_region", categorical},
                                                    {"migration_within_region", categorical},
                                                    {"lived_here_one_year_ago", categorical},
                                                    {"previous_residence_in_sunbelt", categorical},
                                                    {"persons_worked_for_employer", continuous},
                                                    {"family_members_under_18", categorical},
                                                    {"birth_country_of_father", categorical},
                                                    {"birth_country_of_mother", categorical},
                                                    {"birth_country", categorical},
                                                    {"citizenship", categorical},
                                                    {"own_business_or_self_employed", categorical},
                                                    {"veterans_questionnaire", categorical},
                                                    {"veterans_benefits", categorical},
                                                    {"weeks_worked", continuous},
                                                    {"year", categorical},
                                                    {"income", label}};
  return columns;
}

const std::vector<CensusAxis>& census_axes() {
  static const std::vector<CensusAxis> axes = {
      {{"sex", {"female", "male"}}, sex_column, sex},
      {{"age", {"under_25", "25_34", "35_44", "45_54", "55_64", "65_and_over"}}, age_column, age},
      {{"class_of_worker",
        {"not_in_universe", "private", "self_employed_not_incorporated", "self_employed_incorporated",
         "local_government", "state_government", "federal_government", "never_worked", "without_pay"}},
       class_column,
       class_of_worker},
      {{"weeks_worked", {"none", "part_year", "full_year"}}, weeks_column, weeks_worked}};
  return axes;
}

}  // namespace c2al
