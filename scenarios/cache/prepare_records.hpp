#pragma once
#include <filesystem>

#include "scenarios/cache/prepare.hpp"
#include "scenarios/cache/record_source.hpp"

namespace c2al {

/// What prepare does behind the files: records into a cache.
/// @param description  its axes are those wanted, in order; columns of axes that are no inputs are ignored
PrepareReport prepare_records(const DatasetDescription& description, RecordSource& source,
                              const PrepareOptions& options, const std::filesystem::path& output,
                              const PrepareProgress& progress = {});

}  // namespace c2al
