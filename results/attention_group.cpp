#include "results/store_groups.hpp"

namespace c2al::store {

namespace {

/// Columns of /attention/layers that are numbers of ConcentrationStatistics.
struct StatisticColumn {
  const char* name;
  double ConcentrationStatistics::*member;
};

constexpr StatisticColumn statistic_columns[] = {
    {"gini", &ConcentrationStatistics::gini},
    {"entropy", &ConcentrationStatistics::entropy},
    {"hoyer", &ConcentrationStatistics::hoyer},
    {"excess_kurtosis", &ConcentrationStatistics::excess_kurtosis},
    {"near_zero_share", &ConcentrationStatistics::near_zero_share},
    {"rms", &ConcentrationStatistics::rms},
    {"effective_rank", &ConcentrationStatistics::effective_rank},
};

constexpr const char* primary_statistic =
    "mean over the probe samples of the Gini coefficient of |Y(x)| of the last FM layer; for a free Y, of the matrix";

/// Y of the last FM layer on all probe samples; null without FM attention.
const LayerStatistics* last_attention(const std::vector<LayerStatistics>& layers) {
  const LayerStatistics* last = nullptr;
  for (const LayerStatistics& layer : layers)
    if (layer.role == "Y" && layer.cohort == "overall") last = &layer;
  return last;
}

void write_layers(const hdf5::Group& attention, const std::vector<LayerStatistics>& layers) {
  const hdf5::Group group = attention.create("layers");
  const auto texts = [&](const char* name, std::string LayerStatistics::*member) {
    std::vector<std::string> values;
    for (const LayerStatistics& layer : layers) values.push_back(layer.*member);
    group.write_texts(name, values, "layer");
  };
  const auto numbers = [&](const char* name, const auto& value_of) {
    std::vector<double> values;
    for (const LayerStatistics& layer : layers) values.push_back(value_of(layer));
    group.write(name, values, "layer");
  };
  texts("role", &LayerStatistics::role);
  texts("tensor", &LayerStatistics::tensor);
  texts("kind", &LayerStatistics::kind);
  texts("cohort", &LayerStatistics::cohort);
  for (const StatisticColumn& column : statistic_columns)
    numbers(column.name, [&](const LayerStatistics& layer) { return layer.statistics.*column.member; });
  numbers("dead_share", [](const LayerStatistics& layer) { return layer.dead_share; });
  numbers("lower", [](const LayerStatistics& layer) { return layer.histogram.lower; });
  numbers("upper", [](const LayerStatistics& layer) { return layer.histogram.upper; });
  std::vector<std::uint64_t> counts;
  for (const LayerStatistics& layer : layers)
    counts.insert(counts.end(), layer.histogram.counts.begin(), layer.histogram.counts.end());
  group.write<std::uint64_t>("counts", counts, {layers.size(), histogram_bins}, {"1", {"layer", "bin"}});
}

}  // namespace

void write_attention(const hdf5::Group& root, double attention_gini, const std::vector<LayerStatistics>& layers) {
  const hdf5::Group attention = root.create("attention");
  attention.set("attention_gini", attention_gini);
  attention.set("primary_statistic", primary_statistic);
  write_layers(attention, layers);
  if (const LayerStatistics* y = last_attention(layers)) {
    attention.set("default", "Y_histogram");
    const hdf5::Group group = attention.create("Y_histogram", "NXdata");
    group.set_plot("counts", {"value"});
    group.set("tensor", y->tensor);
    group.write("value", y->histogram.edges(), "edge");
    group.write("counts", y->histogram.counts, "value");
  }
}

std::vector<LayerStatistics> read_layers(const hdf5::Group& root) {
  const hdf5::Group group = root.open("attention/layers");
  const auto role = group.read_texts("role");
  std::vector<LayerStatistics> layers(role.size());
  const auto texts = [&](const char* name, std::string LayerStatistics::*member) {
    const auto values = group.read_texts(name, layers.size());
    for (std::size_t i = 0; i < layers.size(); ++i) layers[i].*member = values[i];
  };
  const auto numbers = [&](const char* name, const auto& place_of) {
    const auto values = group.read<double>(name, layers.size());
    for (std::size_t i = 0; i < layers.size(); ++i) place_of(layers[i]) = values[i];
  };
  texts("role", &LayerStatistics::role);
  texts("tensor", &LayerStatistics::tensor);
  texts("kind", &LayerStatistics::kind);
  texts("cohort", &LayerStatistics::cohort);
  for (const StatisticColumn& column : statistic_columns)
    numbers(column.name, [&](LayerStatistics& layer) -> double& { return layer.statistics.*column.member; });
  numbers("dead_share", [](LayerStatistics& layer) -> double& { return layer.dead_share; });
  numbers("lower", [](LayerStatistics& layer) -> double& { return layer.histogram.lower; });
  numbers("upper", [](LayerStatistics& layer) -> double& { return layer.histogram.upper; });
  return layers;
}

void write_probe(const hdf5::Group& root, const std::vector<std::uint64_t>& ids,
                 const std::vector<std::string>& cohorts, const std::map<std::string, ProbeTensor>& tensors) {
  const hdf5::Group probe = root.create("probe");
  probe.write("sample_id", ids, "sample");
  probe.write_texts("cohort", cohorts, "sample");
  for (const auto& [name, tensor] : tensors) {
    const std::size_t parent = name.rfind('/');
    if (parent != std::string::npos && !probe.has(name.substr(0, parent))) probe.create(name.substr(0, parent));
    probe.write<float>(name, tensor.values, tensor.shape, {"1", tensor.axes});
  }
}

}  // namespace c2al::store
