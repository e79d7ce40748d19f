#include "scenarios/tables/bad_rows.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"

namespace c2al {

namespace {

constexpr std::size_t kept_reasons = 5;
constexpr std::uint64_t judged_from = 100;

}  // namespace

void BadRows::add(const std::string& reason, std::uint64_t rows_read) {
  if (policy_ == OnBadRow::stop) throw RunError(reason);
  ++count_;
  if (reasons_.size() < kept_reasons) reasons_.push_back(reason);
  if (rows_read >= judged_from && count_ > rows_read / 2)
    throw RunError(
        fmt::format("{} of the first {} rows cannot be used: the description does not fit the file; first:\n  {}",
                    count_, rows_read, fmt::join(reasons_, "\n  ")));
}

}  // namespace c2al
