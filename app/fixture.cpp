#include "app/fixture.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <hdf5.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "core/storage/hdf5.hpp"

namespace c2al {
namespace {

/// Reads every dataset below a group into `arrays`, by path.
void read_all(const hdf5::Group& group, const std::string& prefix, std::map<std::string, FixtureArray>& arrays) {
  for (const std::string& name : group.members()) {
    const hdf5::Handle object(H5Oopen(group.id(), name.c_str(), H5P_DEFAULT), H5Oclose);
    if (!object.valid()) group.fail(name, "cannot be opened");
    if (H5Iget_type(object.id()) == H5I_GROUP)
      read_all(group.open(name), prefix + name + "/", arrays);
    else
      arrays[prefix + name] = {group.shape(name), group.read<double>(name)};
  }
}

std::string layer_name(std::size_t layer, const char* weight) { return fmt::format("layers.{}.{}", layer, weight); }

}  // namespace

Fixture::Fixture(const std::filesystem::path& file) : file_(file.string()) {
  const hdf5::Group root = hdf5::open_file(file);
  read_all(root, "", arrays_);
  read_inputs();
  if (labels_ > 1) {
    const char* names[] = {"lambda_head", "lambda_tail"};
    task_weights_ = {1.0};
    for (std::size_t t = 1; t < labels_; ++t) task_weights_.push_back(root.real(names[t - 1]));
  } else {
    task_weights_ = {1.0};
  }
  if (root.has_attribute("lr")) learning_rate_ = root.real("lr");
}

void Fixture::fail(const std::string& path, const std::string& what) const {
  throw RunError(fmt::format("{}: /{}: {}", file_, path, what));
}

const FixtureArray& Fixture::array(const std::string& path) const {
  const auto found = arrays_.find(path);
  if (found == arrays_.end()) fail(path, "there is no such dataset");
  return found->second;
}

void Fixture::read_inputs() {
  const FixtureArray& ids = array("inputs/ids");
  if (ids.shape.size() != 2 || ids.shape[0] == 0)
    fail("inputs/ids", fmt::format("expected (samples, fields), found shape ({})", fmt::join(ids.shape, ", ")));
  samples_ = ids.shape[0];
  fields_ = ids.shape[1];
  for (const double id : ids.values) {
    if (!(id >= 0 && id <= std::numeric_limits<std::int32_t>::max()) || id != std::floor(id))
      fail("inputs/ids", fmt::format("{} is no row of a table", id));
    rows_.push_back(static_cast<std::int32_t>(id));
  }
  const auto per_sample = [&](const std::string& path, std::size_t& columns, std::vector<float>& values) {
    const FixtureArray& found = array(path);
    if (found.shape.size() != 2 || found.shape[0] != samples_)
      fail(path, fmt::format("expected ({}, columns), found shape ({})", samples_, fmt::join(found.shape, ", ")));
    columns = found.shape[1];
    values.assign(found.values.begin(), found.values.end());
  };
  if (arrays_.count("inputs/dense") > 0) per_sample("inputs/dense", dense_, dense_values_);
  per_sample("inputs/labels", labels_, label_values_);
  if (labels_ < 1 || labels_ > 3)
    fail("inputs/labels", fmt::format("{} columns: expected primary, head, tail, the last two optional", labels_));
}

std::size_t Fixture::weight_extent(const std::string& name, std::size_t dimension, std::size_t dimensions) const {
  const auto found = arrays_.find("weights/" + name);
  if (found == arrays_.end()) return 0;
  const hdf5::Shape& shape = found->second.shape;
  if (shape.size() != dimensions)
    fail("weights/" + name,
         fmt::format("expected {} dimensions, found shape ({})", dimensions, fmt::join(shape, ", ")));
  return shape[dimension];
}

LayerConfig Fixture::layer_config(std::size_t layer, AttentionSource attention, std::size_t columns,
                                  std::size_t dim) const {
  LayerConfig config;
  if (weight_extent(layer_name(layer, "fm_out.weight"), 0) > 0) {
    FmAttentionConfig fm;
    fm.attention = attention;
    fm.k = weight_extent(layer_name(layer, "fm_out.weight"), 1) / dim;
    fm.hidden = weight_extent(layer_name(layer, "attn1.weight"), 0);
    config.fm_attention = fm;
  }
  if (const std::size_t rank = weight_extent(layer_name(layer, "cross_v.weight"), 0)) config.cross = CrossConfig{rank};
  if (const std::size_t hidden = weight_extent(layer_name(layer, "mlp1.weight"), 0)) config.mlp = MlpConfig{hidden};
  if (weight_extent(layer_name(layer, "short.weight"), 0) != columns * dim)
    fail("weights/" + layer_name(layer, "short.weight"), fmt::format("expected {} rows", columns * dim));
  return config;
}

HeadConfig Fixture::heads(const std::string& method) const {
  HeadConfig heads;
  heads.tasks = method == "plain" ? 1 : labels_;
  if (method != "mmoe" && method != "ple") return heads;
  heads.kind = method == "mmoe" ? HeadKind::mmoe : HeadKind::ple;
  const std::string shared = method == "mmoe" ? "mmoe.w2" : "ple.0.shared.w2";
  array("weights/" + shared);
  heads.experts = weight_extent(shared, 0, 3);
  heads.hidden = weight_extent(shared, 1, 3);
  heads.width = weight_extent(shared, 2, 3);
  if (heads.kind == HeadKind::mmoe) return heads;
  array("weights/ple.0.task0.w2");
  heads.task_experts = weight_extent("ple.0.task0.w2", 0, 3);
  while (weight_extent(fmt::format("ple.{}.shared.w2", heads.levels), 0, 3) > 0) ++heads.levels;
  return heads;
}

std::unique_ptr<Model> Fixture::make_model(AttentionSource attention, const HeadConfig& heads,
                                           const std::string& precision) const {
  if (arrays_.count("weights/embedding") == 0) fail("weights/embedding", "there is no such dataset");
  InputShape input;
  input.fields = fields_;
  input.dense_features = dense_;
  input.table_rows = static_cast<std::int64_t>(weight_extent("embedding", 0));
  ModelConfig config;
  config.dim = weight_extent("embedding", 1);
  config.bottom_hidden = weight_extent("bottom1.weight", 0);
  for (std::size_t l = 0; weight_extent(layer_name(l, "short.weight"), 0) > 0; ++l)
    config.layers.push_back(layer_config(l, attention, input.columns(), config.dim));
  for (std::size_t i = 0; weight_extent(fmt::format("top.{}.weight", i), 0) > 0; ++i)
    config.top.push_back(weight_extent(fmt::format("top.{}.weight", i), 0));

  std::unique_ptr<Model> model = c2al::make_model(config, heads, input, precision);
  model->set_parameter("embedding", array("weights/embedding").values);
  for (const Parameter& parameter : model->layout().parameters) {
    const FixtureArray& weight = array("weights/" + parameter.name);
    std::vector<std::size_t> expected = parameter.shape;
    if (parameter.group == ParameterGroup::task_head) expected[0] = labels_;
    if (weight.shape != expected)
      fail("weights/" + parameter.name,
           fmt::format("expected shape ({}), found ({})", fmt::join(expected, ", "), fmt::join(weight.shape, ", ")));
    model->set_parameter(parameter.name, std::span(weight.values).first(parameter.size));
  }
  return model;
}

BatchView Fixture::batch(std::size_t size) const {
  BatchView batch;
  batch.size = size;
  batch.fields = fields_;
  batch.dense_features = dense_;
  batch.rows = rows_.data();
  batch.dense = dense_values_.data();
  return batch;
}

std::vector<float> Fixture::targets(std::size_t tasks, std::size_t size) const {
  std::vector<float> targets;
  for (std::size_t t = 0; t < tasks; ++t)
    for (std::size_t b = 0; b < size; ++b) targets.push_back(label_values_[b * labels_ + t]);
  return targets;
}

}  // namespace c2al
