#pragma once
#include <filesystem>
#include <string>

namespace c2al {

/// A group of an HDF5 file as a tree of names, types, shapes and attributes; a dataset as statistics and, for numbers,
/// a heat map (two dimensions or more, averaged over the leading ones) or a histogram. Any HDF5 file will do.
/// @param path  within the file; "/" is everything
/// Throws RunError for a file that is missing or no HDF5, UsageError for a path that is not there.
std::string inspect_text(const std::filesystem::path& file, const std::string& path);

/// The same as JSON: {"path", "attributes", "members": [...]} or {"path", "type", "shape", "attributes",
/// "statistics", "values"}. Undefined values are null; values are row-major, left out beyond 65536 elements.
std::string inspect_json(const std::filesystem::path& file, const std::string& path);

}  // namespace c2al
