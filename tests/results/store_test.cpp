#include "results/store.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <iterator>

#include "core/error.hpp"
#include "core/storage/hdf5.hpp"
#include "tests/results/sample_record.hpp"
#include "tests/scenarios/temporary_directory.hpp"

namespace c2al {
namespace {

using Store = TemporaryDirectory;

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const RunError& error) {
    return error.what();
  }
  return "no RunError";
}

/// Equal, NaN included.
bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

TEST_F(Store, AnEvaluationComesBackAsItWas) {
  const RunRecord record = sample_record();
  write_run(directory_ / "run.h5", record);
  const RunSummary run = read_run(directory_ / "run.h5");
  ASSERT_EQ(run.evaluations.size(), 4u);
  for (const EvaluationTable& written : record.evaluations) {
    const auto found = std::find_if(run.evaluations.begin(), run.evaluations.end(), [&](const EvaluationTable& table) {
      return table.split == written.split && table.recalibrated == written.recalibrated;
    });
    ASSERT_NE(found, run.evaluations.end());
    EXPECT_EQ(found->scale, written.scale);
    EXPECT_EQ(found->offset, written.offset);
    ASSERT_EQ(found->rows.size(), written.rows.size());
    for (std::size_t i = 0; i < written.rows.size(); ++i) {
      const CohortScores &a = written.rows[i], &b = found->rows[i];
      EXPECT_EQ(a.axis, b.axis);
      EXPECT_EQ(a.cohort, b.cohort);
      for (double CohortScores::*member :
           {&CohortScores::samples, &CohortScores::weight, &CohortScores::positives, &CohortScores::base_rate,
            &CohortScores::ne, &CohortScores::log_loss, &CohortScores::auc, &CohortScores::calibration,
            &CohortScores::ece, &CohortScores::expected_ne, &CohortScores::expected_log_loss, &CohortScores::bayes_ne,
            &CohortScores::bayes_log_loss, &CohortScores::gap_to_bayes})
        EXPECT_TRUE(same(a.*member, b.*member)) << a.*member << " and " << b.*member;
      EXPECT_TRUE(std::isnan(b.auc)) << "an undefined value must stay undefined";
    }
  }
}

TEST_F(Store, TheRestOfASummaryComesBackAsItWas) {
  const RunRecord record = sample_record();
  const double seconds = write_run(directory_ / "run.h5", record);
  const RunSummary run = read_run(directory_ / "run.h5");
  EXPECT_EQ(run.scenario, "sample");
  EXPECT_EQ(run.method, "c2al");
  EXPECT_EQ(run.base_method, "c2al");
  EXPECT_DOUBLE_EQ(run.acted_share, 0.25);
  EXPECT_EQ(run.seed, 7u);
  EXPECT_EQ(run.scenario_text, record.scenario_text);
  EXPECT_EQ(run.resolved_configuration, record.resolved_configuration);
  EXPECT_EQ(run.method_settings, record.method_settings);
  EXPECT_EQ(run.test_samples.logit, record.test_samples.logit);
  EXPECT_EQ(run.test_samples.label, record.test_samples.label);
  EXPECT_EQ(run.test_samples.weight, record.test_samples.weight);
  EXPECT_EQ(run.test_samples.cohort, record.test_samples.cohort);
  EXPECT_EQ(run.test_samples.axes, 2u);
  EXPECT_EQ(run.axis, "value");
  EXPECT_EQ(run.head_cohort, "head");
  EXPECT_EQ(run.tail_cohort, "tail");
  EXPECT_EQ(run.task_names, record.task_names);
  EXPECT_EQ(run.trained_cost.dense_parameters, 1200u);
  EXPECT_EQ(run.trained_cost.step_flop, 294000.5);
  EXPECT_EQ(run.served_cost.embedding_parameters, 4000u);
  EXPECT_EQ(run.served_cost.forward_flop, 97000.5);
  EXPECT_EQ(run.attention_gini, record.attention_gini);
  ASSERT_EQ(run.timing.size(), record.timing.size() + 1);
  EXPECT_TRUE(std::equal(record.timing.begin(), record.timing.end(), run.timing.begin()));
  EXPECT_EQ(run.timing.back().first, "writing");
  EXPECT_GT(run.timing.back().second, 0);
  EXPECT_LT(run.timing.back().second, seconds);
  EXPECT_FALSE(run.has_discovery);
  EXPECT_EQ(run.provenance.count("NX_class"), 0u);
  for (const char* key : {"git_hash", "cpu", "gemm_library", "kokkos_version", "compiler", "date", "command_line"})
    EXPECT_FALSE(run.provenance.at(key).empty()) << key;
}

TEST_F(Store, LayerStatisticsComeBackAsTheyWere) {
  const RunRecord record = sample_record();
  write_run(directory_ / "run.h5", record);
  const RunSummary run = read_run(directory_ / "run.h5");
  ASSERT_EQ(run.layers.size(), record.layers.size());
  for (std::size_t i = 0; i < run.layers.size(); ++i) {
    EXPECT_EQ(run.layers[i].role, record.layers[i].role);
    EXPECT_EQ(run.layers[i].tensor, record.layers[i].tensor);
    EXPECT_EQ(run.layers[i].kind, record.layers[i].kind);
    EXPECT_EQ(run.layers[i].cohort, record.layers[i].cohort);
    EXPECT_EQ(run.layers[i].statistics.gini, record.layers[i].statistics.gini);
    EXPECT_EQ(run.layers[i].statistics.excess_kurtosis, record.layers[i].statistics.excess_kurtosis);
    EXPECT_EQ(run.layers[i].statistics.rms, record.layers[i].statistics.rms);
    EXPECT_TRUE(std::isnan(run.layers[i].statistics.effective_rank));
    EXPECT_TRUE(same(run.layers[i].dead_share, record.layers[i].dead_share));
    EXPECT_EQ(run.layers[i].histogram.lower, record.layers[i].histogram.lower);
    EXPECT_EQ(run.layers[i].histogram.upper, record.layers[i].histogram.upper);
  }
}

TEST_F(Store, ADiscoveryComesBackFromItsOwnFileAndFromARun) {
  write_discovery(directory_ / "discovery.h5", sample_discovery_record());
  RunRecord record = sample_record();
  record.has_discovery = true;
  record.discovery = sample_discovery();
  write_run(directory_ / "run.h5", record);
  EXPECT_TRUE(read_run(directory_ / "run.h5").has_discovery);
  for (const char* name : {"discovery.h5", "run.h5"}) {
    const DiscoveryRecord read = read_discovery(directory_ / name);
    EXPECT_EQ(read.scenario, "sample");
    EXPECT_EQ(read.schema.axes[1].name, "sham");
    EXPECT_TRUE(read.schema.axes[1].is_control);
    EXPECT_EQ(read.schema.axes[0].cohorts, (std::vector<std::string>{"middle", "head", "tail"}));
    EXPECT_EQ(read.schema.table_rows(), 58);
    EXPECT_EQ(read.table.settings.criterion, DivergenceCriterion::wasserstein);
    EXPECT_FALSE(read.table.settings.choose_by_z);
    EXPECT_EQ(read.table.settings.ridge, 0.25);
    EXPECT_EQ(read.table.settings.minimum_cohort, 500u);
    ASSERT_EQ(read.table.cohorts.size(), 2u);
    EXPECT_EQ(read.table.cohorts[1].cohort, 1u);
    EXPECT_EQ(read.table.cohorts[1].excess_ne_oracle, 0.03);
    EXPECT_TRUE(std::isnan(read.table.cohorts[0].excess_ne_oracle));
    ASSERT_EQ(read.table.pairs.size(), 2u);
    EXPECT_EQ(read.table.pairs[0].axis, 1u);
    EXPECT_FALSE(read.table.pairs[0].eligible);
    EXPECT_EQ(read.table.pairs[1].first, 1u);
    EXPECT_EQ(read.table.pairs[1].second, 2u);
    EXPECT_EQ(read.table.pairs[1].kl.value, 0.5);
    EXPECT_EQ(read.table.pairs[1].kl.z, 12);
    EXPECT_TRUE(std::isnan(read.table.pairs[1].cosine.z));
    EXPECT_TRUE(read.table.has_choice);
    EXPECT_EQ(read.table.chosen, 1u);
    EXPECT_EQ(read.table.baseline_seed, 1000003u);
  }
}

TEST_F(Store, ADiscoveryWithoutAnEligiblePairStaysOne) {
  DiscoveryRecord record = sample_discovery_record();
  record.table.has_choice = false;
  write_discovery(directory_ / "discovery.h5", record);
  EXPECT_FALSE(read_discovery(directory_ / "discovery.h5").table.has_choice);
}

TEST_F(Store, EqualRecordsMakeEqualBytesOutsideProvenance) {
  const auto dataset_bytes = [&](const char* name) {
    const hdf5::Group root = hdf5::open_file(directory_ / name);
    return std::pair(root.read<double>("evaluation/test/raw/ne"), root.read<std::uint64_t>("attention/layers/counts"));
  };
  write_run(directory_ / "a.h5", sample_record());
  write_run(directory_ / "b.h5", sample_record());
  EXPECT_EQ(dataset_bytes("a.h5"), dataset_bytes("b.h5"));
}

TEST_F(Store, ARunWithoutFullTensorsIsSmall) {
  write_run(directory_ / "run.h5", sample_record());
  // 1,200 runs must stay under 300 MB.
  EXPECT_LT(std::filesystem::file_size(directory_ / "run.h5"), 150'000u);
}

TEST_F(Store, MissingFoldersAreMade) {
  write_run(directory_ / "new" / "folder" / "run.h5", sample_record());
  EXPECT_EQ(read_run(directory_ / "new" / "folder" / "run.h5").seed, 7u);
}

TEST_F(Store, AnUnwritablePlaceIsNamedAndNothingIsLeft) {
  const std::filesystem::path blocked = write("file", "not a folder");
  EXPECT_NE(message_of([&] { write_run(blocked / "run.h5", sample_record()); }).find((blocked / "run.h5").string()),
            std::string::npos);
  std::filesystem::create_directories(directory_ / "taken.h5");
  EXPECT_NE(message_of([&] { write_run(directory_ / "taken.h5", sample_record()); }).find("is a directory"),
            std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(directory_ / "taken.h5.partial"));
}

TEST_F(Store, AFailureWhileWritingLeavesTheOldFileAndNoPartialOne) {
  write_run(directory_ / "run.h5", sample_record("plain"));
  RunRecord damaged = sample_record("c2al");
  damaged.steps[3].losses.push_back(0.5);
  const std::string message = message_of([&] { write_run(directory_ / "run.h5", damaged); });
  EXPECT_NE(message.find("step 150 has 3 losses and 2 coefficients for 2 tasks"), std::string::npos) << message;
  EXPECT_EQ(read_run(directory_ / "run.h5").method, "plain");
  EXPECT_FALSE(std::filesystem::exists(directory_ / "run.h5.partial"));
}

TEST_F(Store, WhatIsNoRunIsRefusedByName) {
  const auto expect = [&](const std::filesystem::path& file, const char* part) {
    const std::string message = message_of([&] { read_run(file); });
    EXPECT_NE(message.find(file.string()), std::string::npos) << message;
    EXPECT_NE(message.find(part), std::string::npos) << message;
  };
  expect(directory_ / "absent.h5", "there is no such file");
  expect(directory_, "is a directory");
  expect(write("text.h5", "hello"), "cannot be read as an HDF5 file");
  write_discovery(directory_ / "discovery.h5", sample_discovery_record());
  expect(directory_ / "discovery.h5", "kind 'discovery', expected run");
  expect(std::filesystem::path(C2AL_TEST_DATA) / "dhen_fixture.h5", "no result of c2al");
  write_run(directory_ / "run.h5", sample_record());
  const auto message = message_of([&] { read_discovery(directory_ / "run.h5"); });
  EXPECT_NE(message.find("holds no discovery"), std::string::npos) << message;
}

TEST_F(Store, ATruncatedRunIsRefusedByName) {
  write_run(directory_ / "run.h5", sample_record());
  std::filesystem::resize_file(directory_ / "run.h5", std::filesystem::file_size(directory_ / "run.h5") / 2);
  const auto message = message_of([&] { read_run(directory_ / "run.h5"); });
  EXPECT_NE(message.find("run.h5"), std::string::npos) << message;
}

TEST_F(Store, AFileOfAnotherVersionIsRefused) {
  hdf5::write_file(directory_ / "run.h5", [](const hdf5::Group& root) {
    root.set("schema_version", std::int64_t{99});
    root.set("kind", "run");
  });
  const auto message = message_of([&] { read_run(directory_ / "run.h5"); });
  EXPECT_NE(message.find("schema version 99"), std::string::npos) << message;
}

}  // namespace
}  // namespace c2al
