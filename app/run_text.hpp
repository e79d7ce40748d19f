#pragma once
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "results/run_record.hpp"

namespace c2al {

/// The test scores of a run as an aligned table, overall and by cohort, with its cost and file.
std::string run_text(const RunRecord& record, const std::filesystem::path& file);

/// The same as JSON; undefined values are null.
nlohmann::json run_json(const RunRecord& record, const std::filesystem::path& file);

}  // namespace c2al
