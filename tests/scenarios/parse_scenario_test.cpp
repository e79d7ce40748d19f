#include <gmock/gmock.h>

#include "core/error.hpp"
#include "scenarios/scenario.hpp"
#include "tests/scenarios/temporary_directory.hpp"

namespace c2al {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;

/// The smallest synthetic scenario: everything that has a default is left out.
const char* const minimal = R"(name = "tiny"
title = "The smallest scenario"
[world]
[[world.axes]]
name = "user_value"
cohorts = [
  {name = "high", share = 0.3, bias = 1},
  {name = "low", share = 0.7},
]
[model]
[[model.layers]]
mlp = {}
[cohorts]
axis = "user_value"
head_cohort = "high"
tail_cohort = "low"
)";

const char* const minimal_dataset = R"(name = "tiny"
title = "The smallest scenario on real data"
[dataset]
name = "census_income"
axes = ["sex", "age"]
axis_inputs = ["age"]
[model]
[[model.layers]]
mlp = {}
[cohorts]
axis = "sex"
head_cohort = "male"
tail_cohort = "female"
)";

class ParseScenario : public TemporaryDirectory {
 protected:
  Scenario parse(const std::string& text, const std::vector<std::string>& overrides = {}) const {
    return parse_scenario(write("s.toml", text), overrides);
  }
  /// The minimal scenario with one piece of text replaced.
  static std::string edited(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  }
};

TEST_F(ParseScenario, MinimalWorldTakesTheDefaults) {
  const Scenario s = parse(minimal);
  EXPECT_EQ(s.name, "tiny");
  EXPECT_EQ(s.text, minimal);
  EXPECT_FALSE(s.dataset.has_value());
  const synthetic::WorldConfig defaults;
  EXPECT_EQ(s.world->fields, defaults.fields);
  EXPECT_EQ(s.world->vocabulary_max, defaults.vocabulary_max);
  EXPECT_EQ(s.world->base_rate, defaults.base_rate);
  ASSERT_EQ(s.world->axes.size(), 1u);
  EXPECT_TRUE(s.world->axes[0].visible);
  ASSERT_EQ(s.world->axes[0].cohorts.size(), 2u);
  EXPECT_EQ(s.world->axes[0].cohorts[0].bias, 1.0);  // a whole number is a real
  EXPECT_EQ(s.world->axes[0].cohorts[1].global_multiplier, 1.0);
  EXPECT_EQ(s.splits.train, synthetic::SplitSizes{}.train);
  EXPECT_EQ(s.training.batch_size, TrainingConfig{}.batch_size);
  ASSERT_EQ(s.model.layers.size(), 1u);
  EXPECT_EQ(s.model.layers[0].mlp->hidden, MlpConfig{}.hidden);
  EXPECT_FALSE(s.model.layers[0].cross.has_value());
  EXPECT_FALSE(s.cohorts.discovered);
  EXPECT_EQ(s.cohorts.head_cohort, "high");
  EXPECT_EQ(s.lambda_head, 1.0);
  EXPECT_EQ(s.record.tensor_seeds, (std::vector<std::uint64_t>{1}));
}

TEST_F(ParseScenario, EveryKeyReachesItsSetting) {
  const Scenario s = parse(R"(name = "full"
title = "Every key"
[world]
objective = "conversion"
fields = 5
vocabulary = [3, 7]
zipf_exponent = 0.5
latent_rank = 3
base_rate = 0.2
linear_strength = 0.1
global_strength = 0.2
global_pairs = 2
inert_field = false
[[world.axes]]
name = "tenure"
visible = false
proxies = 2
proxy_fidelity = 0.7
proxy_vocabulary = 9
specific_pairs = 3
latents = "private"
conflict = ["new", "old"]
cohorts = [{name = "new", share = 0.25, bias = -0.5, global_multiplier = -1.0, specific_strength = 2.0}, {name = "old", share = 0.75}]
[splits]
train = 10
discovery = 11
validation = 12
test = 13
test_stratified = false
[model]
dim = 4
bottom_hidden = 5
top = [6, 7]
[[model.layers]]
fm_attention = {form = "covariance", attention = "parameter", k = 3, hidden = 8}
cross = {rank = 2}
mlp = {hidden = 9}
[training]
batch_size = 14
epochs = 2
optimizer = "row_wise_adagrad"
learning_rate = 0.1
embedding_learning_rate = 0.2
decay = "none"
precision = "float64"
metric_interval = 3
chunk_rows = 16
lanes = 2
[cohorts]
mode = "discovered"
criterion = "excess_ne"
choose_by = "raw"
bins = 10
permutations = 20
minimum_cohort = 30
folds = 4
ridge = 0.5
discovery_seed = 77
[method]
lambda_head = 0.3
lambda_tail = 0.4
[method.demo]
alpha = 0.5
scope = "h"
steps = 3
warm = true
[record]
probe_samples = 64
tensor_seeds = [1, 5]
)");
  const synthetic::WorldConfig& w = *s.world;
  EXPECT_EQ(w.objective, "conversion");
  EXPECT_EQ(w.fields, 5u);
  EXPECT_EQ(w.vocabulary_min, 3u);
  EXPECT_EQ(w.vocabulary_max, 7u);
  EXPECT_EQ(w.zipf_exponent, 0.5);
  EXPECT_EQ(w.latent_rank, 3u);
  EXPECT_EQ(w.base_rate, 0.2);
  EXPECT_EQ(w.linear_strength, 0.1);
  EXPECT_EQ(w.global_strength, 0.2);
  EXPECT_EQ(w.global_pairs, 2u);
  EXPECT_FALSE(w.inert_field);
  const synthetic::AxisConfig& a = w.axes.at(0);
  EXPECT_FALSE(a.visible);
  EXPECT_EQ(a.proxies, 2u);
  EXPECT_EQ(a.proxy_fidelity, 0.7);
  EXPECT_EQ(a.proxy_vocabulary, 9u);
  EXPECT_EQ(a.specific_pairs, 3u);
  EXPECT_TRUE(a.private_latents);
  EXPECT_EQ(a.conflict_of, "new");
  EXPECT_EQ(a.conflict_with, "old");
  EXPECT_EQ(a.cohorts.at(0).share, 0.25);
  EXPECT_EQ(a.cohorts.at(0).bias, -0.5);
  EXPECT_EQ(a.cohorts.at(0).global_multiplier, -1.0);
  EXPECT_EQ(a.cohorts.at(0).specific_strength, 2.0);
  EXPECT_EQ(s.splits.train, 10u);
  EXPECT_EQ(s.splits.discovery, 11u);
  EXPECT_EQ(s.splits.validation, 12u);
  EXPECT_EQ(s.splits.test, 13u);
  EXPECT_FALSE(s.splits.test_stratified);
  EXPECT_EQ(s.model.dim, 4u);
  EXPECT_EQ(s.model.bottom_hidden, 5u);
  EXPECT_EQ(s.model.top, (std::vector<std::size_t>{6, 7}));
  const LayerConfig& layer = s.model.layers.at(0);
  EXPECT_EQ(layer.fm_attention->form, FmForm::covariance);
  EXPECT_EQ(layer.fm_attention->attention, AttentionSource::parameter);
  EXPECT_EQ(layer.fm_attention->k, 3u);
  EXPECT_EQ(layer.fm_attention->hidden, 8u);
  EXPECT_EQ(layer.cross->rank, 2u);
  EXPECT_EQ(layer.mlp->hidden, 9u);
  EXPECT_EQ(s.training.batch_size, 14u);
  EXPECT_EQ(s.training.epochs, 2u);
  EXPECT_EQ(s.training.optimizer, OptimizerKind::row_wise_adagrad);
  EXPECT_EQ(s.training.learning_rate, 0.1);
  EXPECT_EQ(s.training.embedding_learning_rate, 0.2);
  EXPECT_FALSE(s.training.linear_decay);
  EXPECT_EQ(s.training.precision, "float64");
  EXPECT_EQ(s.training.metric_interval, 3u);
  EXPECT_EQ(s.training.chunk.rows, 16u);
  EXPECT_EQ(s.training.chunk.lanes, 2u);
  EXPECT_TRUE(s.cohorts.discovered);
  EXPECT_EQ(s.cohorts.discovery.criterion, DivergenceCriterion::excess_ne);
  EXPECT_FALSE(s.cohorts.discovery.choose_by_z);
  EXPECT_EQ(s.cohorts.discovery.bins, 10u);
  EXPECT_EQ(s.cohorts.discovery.permutations, 20u);
  EXPECT_EQ(s.cohorts.discovery.minimum_cohort, 30u);
  EXPECT_EQ(s.cohorts.discovery.folds, 4u);
  EXPECT_EQ(s.cohorts.discovery.ridge, 0.5);
  EXPECT_EQ(s.cohorts.discovery_seed, 77u);
  EXPECT_EQ(s.lambda_head, 0.3);
  EXPECT_EQ(s.lambda_tail, 0.4);
  Settings demo = s.methods.at("demo").settings;
  EXPECT_EQ(demo.number("alpha", 0, 0, 1), 0.5);
  EXPECT_EQ(demo.choice("scope", "", {"h"}), "h");
  EXPECT_EQ(demo.integer("steps", 0, 0, 9), 3);
  EXPECT_TRUE(demo.flag("warm", false));
  EXPECT_EQ(s.record.probe_samples, 64u);
  EXPECT_EQ(s.record.tensor_seeds, (std::vector<std::uint64_t>{1, 5}));
}

TEST_F(ParseScenario, MinimalDatasetTakesTheDefaults) {
  const Scenario s = parse(minimal_dataset);
  EXPECT_FALSE(s.world.has_value());
  EXPECT_EQ(s.dataset->axes, (std::vector<std::string>{"sex", "age"}));
  EXPECT_EQ(s.dataset->axis_inputs, (std::vector<std::string>{"age"}));
  EXPECT_TRUE(s.dataset->inert_field);
  EXPECT_EQ(s.dataset->train_share, 0.6);
}

TEST_F(ParseScenario, OverridesAreAppliedAndBlamed) {
  EXPECT_EQ(parse(minimal, {"training.epochs=2", "model.top=[64,32]"}).training.epochs, 2u);
  EXPECT_EQ(parse(minimal, {"world.axes[0].cohorts[1].bias=-0.25"}).world->axes[0].cohorts[1].bias, -0.25);
  EXPECT_TRUE(parse(minimal, {"training.learning_rate=1e-3"}).training.linear_decay);
  EXPECT_THAT([&] { parse(minimal, {"model.dimm=4"}); },
              ThrowsMessage<UsageError>("--set model.dimm=4: unknown key 'dimm' in [model]: expected one of "
                                        "bottom_hidden, dim, layers, top"));
  EXPECT_THAT([&] { parse(minimal, {"model.dim=0"}); },
              ThrowsMessage<UsageError>("--set model.dim=0: [model] dim = 0: expected a whole number from 1 to 4096"));
}

TEST_F(ParseScenario, DiscoveredModeForgetsTheDeclaredPair) {
  const Scenario s = parse(minimal, {"cohorts.mode=discovered"});
  EXPECT_TRUE(s.cohorts.discovered);
  EXPECT_EQ(s.cohorts.axis + s.cohorts.head_cohort + s.cohorts.tail_cohort, "");
}

struct BadEdit {
  const char *from, *to, *message;
};

TEST_F(ParseScenario, WrongWorldsAreRejected) {
  const std::vector<BadEdit> edits = {
      {"[world]\n", "[world]\nfield = 3\n",
       "s.toml:4: unknown key 'field' in [world]: expected one of axes, base_rate"},
      {"[world]\n", "[world]\nfields = \"8\"\n", "s.toml:4: [world] fields = \"8\": expected a whole number from 2"},
      {"[world]\n", "[world]\nfields = 8.0\n", "fields = 8.0: expected a whole number"},
      {"[world]\n", "[world]\nfields = -1\n", "fields = -1: expected a whole number"},
      {"[world]\n", "[world]\nvocabulary = [10]\n", "vocabulary = [10]: expected the smallest and the largest size"},
      {"[world]\n", "[world]\nvocabulary = [60, 10]\n", "vocabulary = [60, 10]: expected the smallest"},
      {"[world]\n", "[world]\nvocabulary = 10\n", "vocabulary = 10: expected an array of whole numbers"},
      {"[world]\n", "[world]\nvocabulary = [1, 10]\n", "vocabulary = 1: expected a whole number from 2"},
      {"[world]\n", "[world]\nbase_rate = 1.0\n", "base_rate = 1.0: expected a number above 0 and below 1"},
      {"[world]\n", "[world]\nbase_rate = nan\n", "base_rate = nan: expected a number above 0 and below 1"},
      {"[world]\n", "[world]\nglobal_strength = inf\n", "global_strength = inf: expected a number from 0"},
      {"[world]\n", "[world]\nglobal_strength = -0.5\n", "global_strength = -0.5: expected a number from 0"},
      {"[world]\n", "[world]\nglobal_pairs = 22\n", "global_pairs = 22: expected 1 to 21, the pairs of 7 active"},
      {"[world]\n", "[world]\nglobal_pairs = 0\n", "global_pairs = 0: expected 1 to 21"},
      {"[world]\n", "[world]\ninert_field = 1\n", "inert_field = 1: expected true or false"},
      {"share = 0.7", "share = 0.6", "the shares 0.3 + 0.6 sum to 0.9: expected 1"},
      {"share = 0.7", "share = 1.7", "share = 1.7: expected a number above 0 and below 1"},
      {"share = 0.7", "shares = 0.7", "s.toml:8: missing key 'share' in [world.axes[0].cohorts[1]]"},
      {"name = \"low\", ", "", "missing key 'name' in [world.axes[0].cohorts[1]]"},
      {"\"low\"", "\"high\"", "name = \"high\": expected a name no other cohort of the axis has"},
      {"\"low\"", "\"lo/w\"", "name = \"lo/w\": expected a name of letters"},
      {"{name = \"low\", share = 0.7},", "", "expected at least two cohorts"},
      {"name = \"user_value\"\n", "", "s.toml:4: missing key 'name' in [world.axes[0]]"},
      {"name = \"user_value\"\n", "name = \"sham\"\n", "'sham' is the control axis"},
      {"name = \"user_value\"\n", "name = \"user_value\"\nlatents = \"own\"\n",
       "latents = \"own\": expected one of \"global\", \"private\""},
      {"name = \"user_value\"\n", "name = \"user_value\"\nproxies = 2\n", "proxies = 2: expected 0 on a visible axis"},
      {"name = \"user_value\"\n", "name = \"user_value\"\nvisible = false\nproxies = 2\n",
       "missing key 'proxy_fidelity' in [world.axes[0]]"},
      {"name = \"user_value\"\n", "name = \"user_value\"\nproxy_fidelity = 1.5\n", "proxy_fidelity = 1.5: expected"},
      {"name = \"user_value\"\n", "name = \"user_value\"\nconflict = [\"high\", \"mid\"]\n",
       "conflict = [\"high\", \"mid\"]: expected two different cohorts of this axis (high, low)"},
      {"bias = 1", "specific_strength = -1", "specific_strength = -1: expected a number from 0"},
      {"bias = 1", "global_multiplier = inf", "global_multiplier = inf: expected a number"},
      {"[model]\n", "[splits]\ntrain = -5\n[model]\n", "[splits] train = -5: expected a whole number from 1"},
  };
  for (const BadEdit& edit : edits)
    EXPECT_THAT([&] { parse(edited(minimal, edit.from, edit.to)); },
                ThrowsMessage<UsageError>(AllOf(StartsWith(directory_.string()), HasSubstr(edit.message))))
        << edit.to;
}

TEST_F(ParseScenario, InteractionsNeedPairsOfActiveFieldsOnlyWhenTheyHaveAStrength) {
  const std::string strength = "world.axes[0].cohorts[0].specific_strength=1";
  for (const std::string pairs : {"30", "0"})
    EXPECT_THAT(
        [&] {
          parse(minimal, {strength, "world.axes[0].specific_pairs=" + pairs});
        },
        ThrowsMessage<UsageError>(HasSubstr("[world.axes[0]] specific_pairs = " + pairs +
                                            ": expected 1 to 21, the pairs of 7 active fields")));
  EXPECT_NO_THROW(parse(minimal, {"world.axes[0].specific_pairs=0"}));
  EXPECT_NO_THROW(parse(minimal, {"world.fields=2", "world.global_strength=0"}));
  EXPECT_THAT([&] { parse(minimal, {"world.fields=2"}); },
              ThrowsMessage<UsageError>(HasSubstr("has no 'global_pairs'")));
  EXPECT_THAT([&] { parse(minimal, {"world.fields=1"}); },
              ThrowsMessage<UsageError>(HasSubstr("fields = 1: expected a whole number from 2")));
}

TEST_F(ParseScenario, WrongModelsTrainingsAndCohortsAreRejected) {
  const std::vector<BadEdit> edits = {
      {"[model]\n", "[model]\ndim = -8\n", "s.toml:11: [model] dim = -8: expected a whole number from 1 to 4096"},
      {"[model]\n", "[model]\ntop = [64, 0]\n", "top = 0: expected a whole number from 1"},
      {"[model]\n", "[model]\ntop = 64\n", "top = 64: expected an array of whole numbers"},
      {"mlp = {}", "mlp = 3", "model.layers[0].mlp = 3: expected a table"},
      {"mlp = {}", "", "[model.layers[0]] has no 'modules': expected at least one of fm_attention, cross, mlp"},
      {"mlp = {}", "mpl = {}", "unknown key 'mpl' in [model.layers[0]]: expected one of cross, fm_attention, mlp"},
      {"mlp = {}", "fm_attention = {form = \"square\"}",
       "form = \"square\": expected one of \"covariance\", \"pairwise\""},
      {"mlp = {}", "fm_attention = {k = 0}", "[model.layers[0].fm_attention] k = 0: expected a whole number from 1"},
      {"[[model.layers]]\nmlp = {}\n", "", "missing key 'layers' in [model]"},
      {"[[model.layers]]\nmlp = {}\n", "layers = []\n", "layers = []: expected at least one layer"},
      {"[model]\n[[model.layers]]\nmlp = {}\n", "", "missing key 'model' in the top level"},
      {"[cohorts]", "[training]\noptimizer = \"adamw\"\n[cohorts]",
       "optimizer = \"adamw\": expected one of \"adam\", \"adagrad\", \"row_wise_adagrad\", \"sgd\""},
      {"[cohorts]", "[training]\nlearning_rate = 0.0\n[cohorts]", "learning_rate = 0.0: expected a number above 0"},
      {"[cohorts]", "[training]\nlearning_rate = nan\n[cohorts]", "learning_rate = nan"},
      {"[cohorts]", "[training]\nepochs = 0\n[cohorts]", "epochs = 0: expected a whole number from 1"},
      {"[cohorts]", "[training]\nprecision = \"half\"\n[cohorts]", "expected one of \"float32\", \"float64\""},
      {"[cohorts]", "[training]\ndecay = true\n[cohorts]", "decay = true: expected one of \"linear\", \"none\""},
      {"[cohorts]", "[trainings]\n[cohorts]", "unknown key 'trainings' in the top level"},
      {"[cohorts]\n", "[cohorts]\nmode = \"found\"\n",
       "mode = \"found\": expected one of \"declared\", \"discovered\""},
      {"[cohorts]\n", "[cohorts]\nbins = 1\n", "bins = 1: expected a whole number from 2"},
      {"[cohorts]\n", "[cohorts]\nridge = -1\n", "ridge = -1: expected a number from 1e-09"},
      {"axis = \"user_value\"", "axis = \"age\"", "axis = \"age\": expected an axis of the data: one of user_value"},
      {"axis = \"user_value\"", "", "missing key 'axis' in [cohorts]"},
      {"tail_cohort = \"low\"", "tail_cohort = \"lo\"",
       "tail_cohort = \"lo\": expected a cohort of axis 'user_value': one of high, low"},
      {"tail_cohort = \"low\"", "tail_cohort = \"high\"", "tail_cohort = \"high\": expected another cohort"},
      {"[cohorts]", "[method]\nlambda_head = -1\n[cohorts]", "lambda_head = -1: expected a number from 0"},
      {"[cohorts]", "[method]\nlambda = 1\n[cohorts]", "unknown key 'lambda' in [method]"},
      {"[cohorts]", "[method.demo]\nalpha = nan\n[cohorts]", "[method.demo] alpha = nan: expected a finite number"},
      {"[cohorts]", "[method.demo]\nalpha = [1]\n[cohorts]", "[method.demo] alpha = [1]: expected a finite number"},
      {"[cohorts]", "[record]\ntensor_seeds = [-1]\n[cohorts]", "tensor_seeds = -1: expected a whole number from 0"},
      {"title = \"The smallest scenario\"\n", "", "missing key 'title' in the top level"},
      {"\"tiny\"", "\"ti ny\"", "name = \"ti ny\": expected a name of letters"},
      {"\"tiny\"", "tiny", "s.toml:1: not a TOML value"},
  };
  for (const BadEdit& edit : edits)
    EXPECT_THAT([&] { parse(edited(minimal, edit.from, edit.to)); },
                ThrowsMessage<UsageError>(AllOf(StartsWith(directory_.string()), HasSubstr(edit.message))))
        << edit.to;
}

TEST_F(ParseScenario, MethodSettingsNameTheirTable) {
  const Scenario s = parse(edited(minimal, "[cohorts]", "[method.demo]\nalpha = 2.0\n[cohorts]"));
  Settings demo = s.methods.at("demo").settings;
  EXPECT_THAT(
      [&] { demo.number("alpha", 0, 0, 1); },
      ThrowsMessage<UsageError>(HasSubstr("s.toml:13: [method.demo]: alpha = 2.0: expected a number from 0 to 1")));
}

TEST_F(ParseScenario, AKeyMethodMakesAVariant) {
  const Scenario s =
      parse(edited(minimal, "[cohorts]", "[method.strong_2]\nmethod = \"c2al\"\nlambda_head = 3.0\n[cohorts]"));
  const MethodTable& strong = s.methods.at("strong_2");
  EXPECT_EQ(strong.variant_of, "c2al");
  EXPECT_THAT(strong.settings.values(), ElementsAre(Pair("lambda_head", Settings::Value(3.0))));
  EXPECT_THAT(resolved_configuration(s), HasSubstr("\"method\": \"c2al\""));
  const std::vector<BadEdit> edits = {
      {"[cohorts]", "[method.Strong]\nmethod = \"c2al\"\n[cohorts]", "[method.Strong]: expected another name"},
      {"[cohorts]", "[method.2strong]\nmethod = \"c2al\"\n[cohorts]", "[method.2strong]: expected another name"},
      {"[cohorts]", "[method.strong-er]\nmethod = \"c2al\"\n[cohorts]", "expected another name"},
      {"[cohorts]", "[method.strong]\nmethod = 3\n[cohorts]", "[method.strong] method = 3: expected a string"},
  };
  for (const BadEdit& edit : edits)
    EXPECT_THAT([&] { parse(edited(minimal, edit.from, edit.to)); },
                ThrowsMessage<UsageError>(AllOf(StartsWith(directory_.string()), HasSubstr(edit.message))))
        << edit.to;
}

TEST_F(ParseScenario, WrongDatasetsAreRejected) {
  const std::vector<BadEdit> edits = {
      {"\"census_income\"", "\"nobodys\"", "name = \"nobodys\": expected one of adult, "},
      {"axes = [\"sex\", \"age\"]", "axes = [\"sex\", \"race\"]",
       "expected different axes of sex, age, class_of_worker, weeks_worked"},
      {"axes = [\"sex\", \"age\"]", "axes = [\"sex\", \"sex\", \"age\"]", "expected different axes"},
      {"axes = [\"sex\", \"age\"]", "axes = []", "axes = []: expected at least one of sex"},
      {"axes = [\"sex\", \"age\"]", "axes = [\"age\"]", "axis = \"sex\": expected an axis of the data: one of age"},
      {"axis_inputs = [\"age\"]", "axis_inputs = [\"weeks_worked\"]", "expected different axes of sex, age"},
      {"axis_inputs = [\"age\"]\n", "", "missing key 'axis_inputs' in [dataset]"},
      {"\"male\"", "\"men\"", "head_cohort = \"men\": expected a cohort of axis 'sex': one of female, male"},
      {"[model]\n", "train_share = 0.7\n[model]\n", "the shares 0.7 + 0.1 + 0.1 + 0.2 sum to 1.1: expected 1"},
      {"[model]\n", "train_share = 1.0\n[model]\n", "train_share = 1.0: expected a number above 0 and below 1"},
      {"[model]\n", "[splits]\n[model]\n", "[splits] belongs to [world]"},
      {"[model]\n", "[world]\n[model]\n", "expected exactly one of [world] and [dataset], found both"},
  };
  for (const BadEdit& edit : edits)
    EXPECT_THAT([&] { parse(edited(minimal_dataset, edit.from, edit.to)); },
                ThrowsMessage<UsageError>(HasSubstr(edit.message)))
        << edit.to;
  EXPECT_THAT([&] { parse("name = \"x\"\ntitle = \"y\"\n"); }, ThrowsMessage<UsageError>(HasSubstr("found neither")));
}

TEST_F(ParseScenario, AMissingFileIsAUsageError) {
  EXPECT_THAT([&] { parse_scenario(directory_ / "nope.toml"); },
              ThrowsMessage<UsageError>(HasSubstr("nope.toml: there is no such scenario file")));
}

}  // namespace
}  // namespace c2al
