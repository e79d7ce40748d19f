#include "results/probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "results/probe_samples.hpp"

namespace c2al {

namespace {

constexpr ConcentrationStatistics undefined_statistics = {undefined_value, undefined_value, undefined_value,
                                                          undefined_value, undefined_value, undefined_value};

/// How an activation (P, ...) is recorded.
struct ActivationKind {
  bool matrix = false;  ///< a sample's values are a matrix with a rank of its own; otherwise a vector of units
  bool relu = false;    ///< has dead units
  std::vector<std::string> axes;  ///< names of its dimensions where it is stored in full; empty: it never is
};

/// The probe samples of one cohort.
struct Subset {
  std::string cohort;
  std::vector<std::size_t> samples;
};

std::vector<Subset> subsets_of(const ProbeSamples& probe, const CohortAxis& axis, std::size_t axis_index,
                               const CohortPair& pair) {
  std::vector<Subset> subsets = {{"overall", {}},
                                 {axis.name + "/" + axis.cohorts.at(pair.head_cohort), {}},
                                 {axis.name + "/" + axis.cohorts.at(pair.tail_cohort), {}}};
  for (std::size_t p = 0; p < probe.view.size; ++p) {
    const std::size_t cohort = probe.cohort[p * probe.view.axes + axis_index];
    subsets[0].samples.push_back(p);
    if (cohort == pair.head_cohort) subsets[1].samples.push_back(p);
    if (cohort == pair.tail_cohort) subsets[2].samples.push_back(p);
  }
  return subsets;
}

/// Collects the rows of /attention/layers and the tensors of /probe of one model.
class LayerRecorder {
 public:
  LayerRecorder(const Model& model, const Observations& seen, std::vector<Subset> subsets, bool full_tensors,
                RunRecord& record)
      : model_(model), seen_(seen), subsets_(std::move(subsets)), full_(full_tensors), record_(record) {}

  void fm_layer(std::size_t l);
  /// Parameters and ReLU outputs that no role has named.
  void remaining();

 private:
  const ObservedTensor& seen(const std::string& name) const;
  std::string parameter_name(std::size_t l, const char* name) const { return fmt::format("layers.{}.{}", l, name); }
  void preceding_layers(std::size_t l);
  void parameter(const std::string& role, const std::string& name);
  void activation(const std::string& role, const std::string& name, const ObservedTensor& tensor,
                  const ActivationKind& kind);
  ObservedTensor dense_column(const ObservedTensor& x) const;
  ObservedTensor shortcut(std::size_t l) const;

  const Model& model_;
  const Observations& seen_;
  std::vector<Subset> subsets_;
  bool full_;
  RunRecord& record_;
};

const ObservedTensor& LayerRecorder::seen(const std::string& name) const {
  const auto found = seen_.find(name);
  if (found == seen_.end()) throw RunError(fmt::format("the model does not show its tensor '{}'", name));
  return found->second;
}

void LayerRecorder::parameter(const std::string& role, const std::string& name) {
  const std::vector<double> values = model_.parameter(name);
  const std::vector<std::size_t> shape =
      name == "embedding"
          ? std::vector<std::size_t>{static_cast<std::size_t>(model_.input().table_rows), model_.config().dim}
          : model_.layout().find(name).shape;
  const bool matrix = shape.size() == 2;
  const ConcentrationStatistics statistics = concentration(values, matrix ? shape[0] : 0, matrix ? shape[1] : 0);
  record_.layers.push_back({role, name, "parameter", "overall", statistics, undefined_value, histogram(values)});
  // The table can be larger than all else together; its rows of the probe samples are the activation X.
  if (!full_ || role == "other" || name == "embedding") return;
  record_.probe_tensors["parameter/" + name] = {
      shape,
      matrix ? std::vector<std::string>{"row", "column"} : std::vector<std::string>{"unit"},
      {values.begin(), values.end()}};
}

void LayerRecorder::activation(const std::string& role, const std::string& name, const ObservedTensor& tensor,
                               const ActivationKind& kind) {
  const std::size_t width = tensor.values.size() / tensor.shape.at(0);
  const std::size_t rows = kind.matrix ? tensor.shape.at(1) : 1;
  for (const Subset& subset : subsets_) {
    const std::size_t n = subset.samples.size();
    std::vector<double> values;
    values.reserve(n * width);
    for (const std::size_t sample : subset.samples) {
      const double* first = tensor.values.data() + sample * width;
      values.insert(values.end(), first, first + width);
    }
    LayerStatistics layer{
        role, name, "activation", subset.cohort, undefined_statistics, undefined_value, histogram(values)};
    if (n > 0) {
      layer.statistics = mean_concentration(values, n, rows, width / rows);
      // One sample's vector has rank 1 whatever it is; the rank of interest is that of the samples together.
      if (!kind.matrix) layer.statistics.effective_rank = concentration(values, n, width).effective_rank;
      if (kind.relu) layer.dead_share = dead_share(values, n, width);
    }
    record_.layers.push_back(std::move(layer));
  }
  if (full_ && !kind.axes.empty())
    record_.probe_tensors["activation/" + name] = {
        tensor.shape, kind.axes, {tensor.values.begin(), tensor.values.end()}};
}

/// The bottom MLP's output: the last column of layer 0's X (P, m, d).
ObservedTensor LayerRecorder::dense_column(const ObservedTensor& x) const {
  const std::size_t samples = x.shape.at(0), columns = x.shape.at(1), dim = x.shape.at(2);
  ObservedTensor column{{samples, dim}, {}};
  for (std::size_t p = 0; p < samples; ++p) {
    const double* end = x.values.data() + (p + 1) * columns * dim;
    column.values.insert(column.values.end(), end - dim, end);
  }
  return column;
}

/// S x of layer l, (P, D), which the model adds to the modules without keeping it.
ObservedTensor LayerRecorder::shortcut(std::size_t l) const {
  const ObservedTensor& x = seen(fmt::format("layer{}/X", l));
  const std::vector<double> weight = model_.parameter(parameter_name(l, "short.weight"));
  const std::size_t samples = x.shape.at(0), width = x.values.size() / samples;
  ObservedTensor out{{samples, width}, std::vector<double>(samples * width)};
  for (std::size_t p = 0; p < samples; ++p)
    for (std::size_t i = 0; i < width; ++i) {
      double sum = 0;
      for (std::size_t j = 0; j < width; ++j) sum += weight[i * width + j] * x.values[p * width + j];
      out.values[p * width + i] = sum;
    }
  return out;
}

void LayerRecorder::preceding_layers(std::size_t l) {
  const std::string x_name = fmt::format("layer{}/X", l);
  const ObservedTensor& x = seen(x_name);
  const ActivationKind full_x{false, false, {"sample", "column", "dimension"}};
  if (l > 0) {
    parameter("preceding2", parameter_name(l - 1, "short.weight"));
    activation("preceding2", fmt::format("layer{}/shortcut", l - 1), shortcut(l - 1),
               {false, false, {"sample", "unit"}});
    parameter("preceding1", parameter_name(l - 1, "norm.weight"));
  } else {
    if (model_.input().dense_features > 0) {
      parameter("preceding2", "bottom2.weight");
      activation("preceding2", "bottom2", dense_column(x), {});
    }
    parameter("preceding1", "embedding");
  }
  activation("preceding1", x_name, x, full_x);
}

void LayerRecorder::fm_layer(std::size_t l) {
  const std::string prefix = fmt::format("layer{}/", l);
  const ActivationKind matrix{true, false, {"sample", "row", "column"}};
  preceding_layers(l);
  if (model_.config().layers[l].fm_attention->attention == AttentionSource::mlp) {
    parameter("attention_hidden", parameter_name(l, "attn1.weight"));
    activation("attention_hidden", prefix + "attn1", seen(prefix + "attn1"), {false, true, {"sample", "unit"}});
    parameter("attention_output", parameter_name(l, "attn2.weight"));
    activation("Y", prefix + "Y", seen(prefix + "Y"), matrix);
  } else {
    parameter("Y", parameter_name(l, "Y"));
  }
  for (const LayerStatistics& layer : record_.layers)
    if (layer.role == "Y" && layer.cohort == "overall") record_.attention_gini = layer.statistics.gini;
  activation("G", prefix + "G", seen(prefix + "G"), matrix);
}

void LayerRecorder::remaining() {
  std::vector<std::string> names = {"embedding"};
  for (const Parameter& entry : model_.layout().parameters) names.push_back(entry.name);
  for (const std::string& name : names)
    if (std::none_of(record_.layers.begin(), record_.layers.end(),
                     [&](const LayerStatistics& layer) { return layer.tensor == name; }))
      parameter("other", name);
  const ActivationKind relu{false, true, {}};
  if (model_.input().dense_features > 0) activation("other", "bottom1", seen("bottom1"), relu);
  for (std::size_t l = 0; l < model_.config().layers.size(); ++l)
    if (model_.config().layers[l].mlp) {
      const std::string name = fmt::format("layer{}/mlp1", l);
      activation("other", name, seen(name), relu);
    }
  // Experts stand in place of the top MLP.
  const bool experts = model_.heads().kind != HeadKind::shared_bottom;
  for (std::size_t i = 0; !experts && i < model_.config().top.size(); ++i)
    activation("other", fmt::format("top{}", i), seen(fmt::format("top{}", i)), relu);
  for (std::size_t l = 0; seen_.contains(fmt::format("level{}/experts", l)); ++l)
    activation("other", fmt::format("level{}/experts", l), seen(fmt::format("level{}/experts", l)), relu);
}

}  // namespace

void record_attention(Model& model, const DataSource& source, const CohortPair& pair, std::size_t probe_samples,
                      bool full_tensors, RunRecord& record) {
  const ProbeSamples probe = choose_probe_samples(source, pair, probe_samples, record.seed);
  const CohortAxis& axis = source.schema().axes.at(pair.axis);
  record.attention_gini = undefined_value;
  record.layers.clear();
  record.probe_tensors.clear();
  record.probe_ids = probe.ids;
  record.probe_cohorts.clear();
  for (std::size_t p = 0; p < probe.view.size; ++p)
    record.probe_cohorts.push_back(axis.cohorts.at(probe.cohort[p * probe.view.axes + pair.axis]));
  if (probe.view.size == 0) throw RunError("the test split has no samples to observe the model on");

  const Observations seen = model.observe(probe.view);
  LayerRecorder recorder(model, seen, subsets_of(probe, axis, pair.axis, pair), full_tensors, record);
  for (std::size_t l = 0; l < model.config().layers.size(); ++l)
    if (model.config().layers[l].fm_attention) recorder.fm_layer(l);
  recorder.remaining();
}

}  // namespace c2al
