#include "core/model/dhen_shape.hpp"

#include <fmt/format.h>

#include <limits>
#include <numeric>

#include "core/error.hpp"

namespace c2al {
namespace {

constexpr std::size_t largest_width = std::size_t{1} << 20;

void check_width(const std::string& key, std::size_t value) {
  if (value == 0 || value > largest_width)
    throw UsageError(fmt::format("model: {} = {}: expected 1 to {}", key, value, largest_width));
}

void check(const ModelConfig& model, const HeadConfig& heads, const InputShape& input) {
  check_width("dim", model.dim);
  if (input.fields == 0) throw UsageError("model: the data has no categorical field: expected at least one");
  check_width("number of fields", input.fields);
  if (input.table_rows < 1 || input.table_rows > std::numeric_limits<std::int32_t>::max())
    throw UsageError(fmt::format("model: the embedding table has {} rows: expected 1 to {}", input.table_rows,
                                 std::numeric_limits<std::int32_t>::max()));
  if (input.dense_features > 0) {
    check_width("number of dense features", input.dense_features);
    check_width("bottom_hidden", model.bottom_hidden);
  }
  if (model.layers.empty()) throw UsageError("model: no DHEN layer: expected at least one");
  check_width("fields times dim", input.columns() * model.dim);
  for (std::size_t l = 0; l < model.layers.size(); ++l) {
    const LayerConfig& layer = model.layers[l];
    const auto key = [l](const char* name) { return fmt::format("layers[{}].{}", l, name); };
    if (!layer.fm_attention && !layer.cross && !layer.mlp)
      throw UsageError(
          fmt::format("model: layers[{}] has no module: expected at least one of fm_attention, cross, mlp", l));
    if (layer.fm_attention) {
      check_width(key("fm_attention.k"), layer.fm_attention->k);
      if (layer.fm_attention->attention == AttentionSource::mlp)
        check_width(key("fm_attention.hidden"), layer.fm_attention->hidden);
    }
    if (layer.cross) check_width(key("cross.rank"), layer.cross->rank);
    if (layer.mlp) check_width(key("mlp.hidden"), layer.mlp->hidden);
  }
  for (std::size_t i = 0; i < model.top.size(); ++i) check_width(fmt::format("top[{}]", i), model.top[i]);
  check_width("number of tasks", heads.tasks);
  if (heads.kind == HeadKind::shared_bottom || heads.kind == HeadKind::towers) return;
  check_width("experts", heads.experts);
  if (heads.kind == HeadKind::ple) check_width("task_experts", heads.task_experts);
  if (heads.kind == HeadKind::ple) check_width("levels", heads.levels);
}

void check_experts(const HeadConfig& resolved) {
  if (resolved.kind == HeadKind::shared_bottom) return;
  check_width("expert_hidden", resolved.hidden);
  check_width("expert_width", resolved.width);
  std::size_t experts = resolved.kind == HeadKind::towers ? resolved.tasks : resolved.experts;
  if (resolved.kind == HeadKind::ple) experts += resolved.tasks * resolved.task_experts;
  check_width("experts of a level times expert_hidden", experts * resolved.hidden);
  check_width("experts of a level times expert_width", experts * resolved.width);
}

DhenLayerShape make_layer(const LayerConfig& config, std::size_t index, const DhenShape& shape, LayoutBuilder& add) {
  const std::string prefix = fmt::format("layers.{}.", index);
  const std::size_t width = shape.width;
  DhenLayerShape layer;
  layer.cross = config.cross.has_value();
  layer.mlp = config.mlp.has_value();
  layer.rank = layer.cross ? config.cross->rank : 0;
  layer.mlp_hidden = layer.mlp ? config.mlp->hidden : 0;
  if (config.fm_attention) {
    layer.fm = true;
    layer.form = config.fm_attention->form;
    layer.k = config.fm_attention->k;
    layer.attention_rows = layer.form == FmForm::covariance ? shape.dim : shape.columns;
    layer.per_sample_attention = config.fm_attention->attention == AttentionSource::mlp;
    layer.attention_hidden = layer.per_sample_attention ? config.fm_attention->hidden : 0;
  }
  layer.rank_column = width;
  layer.mlp_column = layer.rank_column + layer.rank;
  layer.attention_column = layer.mlp_column + layer.mlp_hidden;
  layer.joint = layer.attention_column + layer.attention_hidden;

  using enum ParameterGroup;
  layer.joint_weight = add.drawn(prefix + "short.weight", {width, width}, width, shortcut);
  if (layer.cross) add.drawn(prefix + "cross_v.weight", {layer.rank, width}, width, cross);
  if (layer.mlp) add.drawn(prefix + "mlp1.weight", {layer.mlp_hidden, width}, width, mlp);
  if (layer.per_sample_attention) add.drawn(prefix + "attn1.weight", {layer.attention_hidden, width}, width, attention);
  layer.hidden_bias = shape.layout.size;
  if (layer.mlp) add.drawn(prefix + "mlp1.bias", {layer.mlp_hidden}, width, mlp);
  if (layer.per_sample_attention) add.drawn(prefix + "attn1.bias", {layer.attention_hidden}, width, attention);
  if (layer.per_sample_attention) {
    layer.attn2_weight = add.drawn(prefix + "attn2.weight", {layer.attention_size(), layer.attention_hidden},
                                   layer.attention_hidden, attention);
    layer.attn2_bias = add.drawn(prefix + "attn2.bias", {layer.attention_size()}, layer.attention_hidden, attention);
  } else if (layer.fm) {
    // Y contracts with X over its rows.
    layer.attention_matrix = add.drawn(prefix + "Y", {layer.attention_rows, layer.k}, layer.attention_rows, attention);
  }
  if (layer.fm)
    layer.fm_out = add.drawn(prefix + "fm_out.weight", {width, layer.attention_size()}, layer.attention_size(), fm);
  if (layer.cross) {
    layer.cross_u_weight = add.drawn(prefix + "cross_u.weight", {width, layer.rank}, layer.rank, cross);
    layer.cross_u_bias = add.drawn(prefix + "cross_u.bias", {width}, layer.rank, cross);
  }
  if (layer.mlp) {
    layer.mlp2_weight = add.drawn(prefix + "mlp2.weight", {width, layer.mlp_hidden}, layer.mlp_hidden, mlp);
    layer.mlp2_bias = add.drawn(prefix + "mlp2.bias", {width}, layer.mlp_hidden, mlp);
  }
  layer.norm_weight = add.constant(prefix + "norm.weight", width, 1, norm);
  layer.norm_bias = add.constant(prefix + "norm.bias", width, 0, norm);
  return layer;
}

/// One linear row a task on a representation all tasks share, and its own span each.
void add_heads(DhenShape& shape, const std::string& weight, const std::string& bias, LayoutBuilder& add) {
  const std::size_t tasks = shape.tasks, width = shape.head_width;
  shape.head_weight = add.drawn(weight, {tasks, width}, width, ParameterGroup::task_head);
  for (std::size_t t = 0; t < tasks; ++t) add.own(t, shape.head_weight + t * width, width);
  shape.head_bias = add.drawn(bias, {tasks}, width, ParameterGroup::task_head);
  for (std::size_t t = 0; t < tasks; ++t) add.own(t, shape.head_bias + t, 1);
}

/// What lies before is reached by all tasks.
void end_shared(DhenShape& shape) {
  std::vector<std::size_t> all(shape.tasks);
  std::iota(all.begin(), all.end(), std::size_t{0});
  shape.shared = shape.layout.size;
  shape.layout.spans.push_back({0, shape.shared, all});
}

void add_top(const ModelConfig& model, DhenShape& shape, LayoutBuilder& add) {
  std::size_t in = shape.width;
  for (std::size_t i = 0; i < model.top.size(); ++i) {
    TopShape top{in, model.top[i], 0, 0};
    top.weight = add.drawn(fmt::format("top.{}.weight", i), {top.out, top.in}, top.in, ParameterGroup::top);
    top.bias = add.drawn(fmt::format("top.{}.bias", i), {top.out}, top.in, ParameterGroup::top);
    shape.top.push_back(top);
    in = top.out;
  }
  shape.head_width = in;
  end_shared(shape);
  add_heads(shape, "head.weight", "head.bias", add);
}

void add_experts(const HeadConfig& heads, DhenShape& shape, LayoutBuilder& add) {
  shape.levels = make_expert_levels(heads, shape.width);
  shape.head_width = heads.width;
  lay_out_experts(heads.kind, shape.levels, false, add);
  end_shared(shape);
  lay_out_experts(heads.kind, shape.levels, true, add);
  const std::string prefix = expert_prefix(heads.kind);
  add_heads(shape, prefix + "head_w", prefix + "head_b", add);
}

void find_last_shared_layer(DhenShape& shape) {
  shape.last_shared_weight = shape.layers.back().joint_weight;
  shape.last_shared_size = shape.width * shape.width;
  const auto above = [&](std::size_t offset, std::size_t size) {
    shape.last_shared_weight = offset;
    shape.last_shared_size = size;
    shape.last_shared_above_trunk = true;
  };
  if (!shape.top.empty()) above(shape.top.back().weight, shape.top.back().in * shape.top.back().out);
  if (shape.levels.empty()) return;
  const ExpertLevel& level = shape.levels.back();
  for (const ExpertGroup& group : level.groups)
    if (!group.owner && !group.task) above(group.w2, group.count * level.hidden * level.width);
}

}  // namespace

DhenShape make_dhen_shape(const ModelConfig& model, const HeadConfig& wanted_heads, const InputShape& input) {
  check(model, wanted_heads, input);
  const HeadConfig heads = resolve_heads(model, wanted_heads, input);
  check_experts(heads);
  DhenShape shape;
  LayoutBuilder add(shape.layout);
  shape.fields = input.fields;
  shape.dense = input.dense_features;
  shape.columns = input.columns();
  shape.dim = model.dim;
  shape.width = shape.columns * shape.dim;
  shape.tasks = heads.tasks;
  if (shape.dense > 0) {
    using enum ParameterGroup;
    shape.bottom_hidden = model.bottom_hidden;
    shape.bottom1_weight = add.drawn("bottom1.weight", {shape.bottom_hidden, shape.dense}, shape.dense, bottom);
    shape.bottom1_bias = add.drawn("bottom1.bias", {shape.bottom_hidden}, shape.dense, bottom);
    shape.bottom2_weight = add.drawn("bottom2.weight", {shape.dim, shape.bottom_hidden}, shape.bottom_hidden, bottom);
    shape.bottom2_bias = add.drawn("bottom2.bias", {shape.dim}, shape.bottom_hidden, bottom);
  }
  for (std::size_t l = 0; l < model.layers.size(); ++l)
    shape.layers.push_back(make_layer(model.layers[l], l, shape, add));
  if (heads.kind == HeadKind::shared_bottom)
    add_top(model, shape, add);
  else
    add_experts(heads, shape, add);
  find_last_shared_layer(shape);
  return shape;
}

}  // namespace c2al
