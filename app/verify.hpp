#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace c2al {

/// A group of the fixture's arrays compared with one build of the model.
struct VerifiedGroup {
  std::string name;       ///< "mlp/c2al/f64/grad"
  std::string precision;  ///< of the model: "float64" or "float32"
  double tolerance = 0;
  std::size_t arrays = 0;
  double worst_error = 0;  ///< largest difference / largest entry of the array; NaN beats every number
  bool absolute = false;   ///< the error is the largest difference itself
  std::string worst_array;
  std::vector<std::string> failures;  ///< one text an array beyond tolerance or of another shape
};

/// The outcome of a fixture.
struct Verification {
  std::vector<VerifiedGroup> groups;
  std::vector<std::string> not_understood;  ///< paths of datasets, or of a group and why

  std::size_t arrays() const;
  /// Something was checked, nothing is beyond tolerance, every dataset is understood.
  bool passed() const;
};

/// Compares every array of a fixture with the model in both precisions: float64 values with the float64 model at 1e-10;
/// the float32 model at 2e-5 with float32 values, or with the float64 ones of a group that has no float32 ones.
/// Aggregation rules are checked where the file has /aggregators (verify_aggregators.hpp), with nothing else in it too.
/// Throws RunError when the file cannot be read.
Verification verify_fixture(const std::filesystem::path& file);

/// The `verify` command: prints one line a group and a last line with the counts.
int verify_command(int argc, char** argv);

}  // namespace c2al
