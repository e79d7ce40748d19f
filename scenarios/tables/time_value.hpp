#pragma once
#include <string_view>

namespace c2al {

/// A time as a number: a number as it is, or seconds since 1970 of an ISO 8601 date, with or without a time of day and
/// an offset ("2019-11-24", "2019-11-24 00:00:00.123+00:00"). False for anything else.
bool time_value(std::string_view text, double& value);

}  // namespace c2al
