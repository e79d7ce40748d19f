#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/model/model.hpp"

namespace c2al {

/// An array of the fixture, or what this build makes of it.
using FixtureArray = ObservedTensor;

/// A file of PyTorch's values of a small DHEN model (scripts/export_fixture.py): inputs, weights, and under
/// /Y/METHOD/TYPE the outputs, losses, gradients and optimizer steps. All sizes come from the file.
class Fixture {
 public:
  /// Reads the whole file. Throws RunError naming file and dataset when it is no HDF5 file, lacks an input, an
  /// attribute or a weight, or holds something of an impossible shape.
  explicit Fixture(const std::filesystem::path& file);

  /// Every dataset of the file by path, without the leading slash.
  const std::map<std::string, FixtureArray>& arrays() const { return arrays_; }

  std::size_t samples() const { return samples_; }
  /// Weights of the task losses: 1, lambda_head, lambda_tail.
  const std::vector<double>& task_weights() const { return task_weights_; }
  double learning_rate() const { return learning_rate_; }

  /// Heads of a method, sized by the file's weights; one task a label column, for "plain" one.
  HeadConfig heads(const std::string& method) const;
  /// A model of the fixture's sizes with its weights.
  /// @param attention  where Y comes from
  /// @param heads      with one task the first row of the file's heads
  std::unique_ptr<Model> make_model(AttentionSource attention, const HeadConfig& heads,
                                    const std::string& precision) const;
  /// The first `size` samples.
  BatchView batch(std::size_t size) const;
  /// Their first `tasks` label columns, (tasks, size).
  std::vector<float> targets(std::size_t tasks, std::size_t size) const;

 private:
  const FixtureArray& array(const std::string& path) const;
  /// Extent of one dimension of a weight that must have `dimensions` of them; 0 when the file has no such weight.
  std::size_t weight_extent(const std::string& name, std::size_t dimension, std::size_t dimensions = 2) const;
  void read_inputs();
  LayerConfig layer_config(std::size_t layer, AttentionSource attention, std::size_t columns, std::size_t dim) const;
  [[noreturn]] void fail(const std::string& path, const std::string& what) const;

  std::string file_;
  std::map<std::string, FixtureArray> arrays_;
  std::size_t samples_ = 0, fields_ = 0, dense_ = 0, labels_ = 0;
  std::vector<std::int32_t> rows_;
  std::vector<float> dense_values_, label_values_;  ///< (B, dense), (B, labels)
  std::vector<double> task_weights_;
  double learning_rate_ = 0;
};

}  // namespace c2al
