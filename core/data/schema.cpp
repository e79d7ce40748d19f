#include "core/data/schema.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"

namespace c2al {

std::vector<std::int64_t> Schema::row_offsets() const {
  std::vector<std::int64_t> offsets;
  std::int64_t next = 0;
  for (const Field& field : fields) {
    offsets.push_back(next);
    next += field.vocabulary;
  }
  return offsets;
}

std::int64_t Schema::table_rows() const {
  std::int64_t rows = 0;
  for (const Field& field : fields) rows += field.vocabulary;
  return rows;
}

std::size_t Schema::axis_index(const std::string& name) const {
  std::vector<std::string> known;
  for (std::size_t a = 0; a < axes.size(); ++a) {
    if (axes[a].name == name) return a;
    known.push_back(axes[a].name);
  }
  throw UsageError(fmt::format("unknown cohort axis '{}': expected one of {}", name, fmt::join(known, ", ")));
}

std::size_t Schema::cohort_index(std::size_t axis, const std::string& cohort) const {
  const CohortAxis& a = axes.at(axis);
  for (std::size_t c = 0; c < a.cohorts.size(); ++c)
    if (a.cohorts[c] == cohort) return c;
  throw UsageError(
      fmt::format("unknown cohort '{}' of axis '{}': expected one of {}", cohort, a.name, fmt::join(a.cohorts, ", ")));
}

}  // namespace c2al
