#include "app/verify.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>

#include "core/error.hpp"

namespace c2al {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;
namespace fs = std::filesystem;

const fs::path fixture_file = fs::path(C2AL_TEST_DATA) / "dhen_fixture.h5";

class VerifyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* test = ::testing::UnitTest::GetInstance()->current_test_info()->name();
    folder_ = fs::path(::testing::TempDir()) / fmt::format("c2al_verify_{}_{}", test, ::getpid());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// A copy of a fixture after `change` was made to it.
  fs::path changed(const std::function<void(hid_t)>& change, const fs::path& fixture = fixture_file) {
    const fs::path copy = folder_ / "fixture.h5";
    fs::copy_file(fixture, copy, fs::copy_options::overwrite_existing);
    fs::permissions(copy, fs::perms::owner_write, fs::perm_options::add);
    const hid_t file = H5Fopen(copy.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    EXPECT_GE(file, 0);
    change(file);
    H5Fclose(file);
    return copy;
  }
  /// Applies `f` to the first number of a dataset.
  static void change_first(hid_t file, const char* path, const std::function<double(double)>& f) {
    const hid_t dataset = H5Dopen2(file, path, H5P_DEFAULT), space = H5Dget_space(dataset);
    std::vector<double> values(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
    ASSERT_GE(H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0) << path;
    values[0] = f(values[0]);
    ASSERT_GE(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0) << path;
    H5Sclose(space);
    H5Dclose(dataset);
  }
  static void add_scalar(hid_t file, const char* path) {
    const hid_t links = H5Pcreate(H5P_LINK_CREATE), space = H5Screate(H5S_SCALAR);
    H5Pset_create_intermediate_group(links, 1);
    const hid_t dataset = H5Dcreate2(file, path, H5T_NATIVE_DOUBLE, space, links, H5P_DEFAULT, H5P_DEFAULT);
    ASSERT_GE(dataset, 0);
    H5Dclose(dataset);
    H5Sclose(space);
    H5Pclose(links);
  }

  fs::path folder_;
};

int run_command(std::vector<std::string> words, std::string& output) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  ::testing::internal::CaptureStdout();
  const int code = verify_command(static_cast<int>(argv.size()), argv.data());
  std::fflush(stdout);
  output = ::testing::internal::GetCapturedStdout();
  return code;
}

TEST_F(VerifyTest, PassesOnEverythingInTheFixtureAndPrintsTheCounts) {
  std::string output;
  EXPECT_EQ(run_command({"verify", fixture_file.string()}, output), 0);
  EXPECT_THAT(output, ::testing::EndsWith("checked 581 arrays in 44 groups\n"));

  const Verification outcome = verify_fixture(fixture_file);
  std::map<std::string, std::size_t> arrays;
  for (const VerifiedGroup& group : outcome.groups) {
    arrays[fmt::format("{} {}", group.name, group.precision)] = group.arrays;
    EXPECT_TRUE(group.failures.empty()) << group.name;
    EXPECT_LE(group.worst_error, group.tolerance) << group.name;
    EXPECT_EQ(group.tolerance, group.precision == "float64" ? 1e-10 : 2e-5);
  }
  const std::map<std::string, std::size_t> expected{{"mlp/c2al/f64/adagrad float64", 18},
                                                    {"mlp/c2al/f64/adam float64", 18},
                                                    {"mlp/c2al/f64/forward float64", 19},
                                                    {"mlp/c2al/f64/grad float64", 43},
                                                    {"mlp/c2al/f64/grad_of_output float64", 6},
                                                    {"mlp/c2al/f64/losses float64", 2},
                                                    {"mlp/c2al/f32/forward float32", 6},
                                                    {"mlp/c2al/f32/grad float32", 43},
                                                    {"mlp/c2al/f32/losses float32", 2},
                                                    {"mlp/c2al/f64/adagrad float32", 18},
                                                    {"mlp/c2al/f64/adam float32", 18},
                                                    {"mlp/c2al/f64/grad_of_output float32", 6},
                                                    {"mlp/plain/f64/forward float64", 1},
                                                    {"mlp/plain/f64/grad float64", 43},
                                                    {"mlp/plain/f64/losses float64", 2},
                                                    {"mlp/plain/f32/forward float32", 1},
                                                    {"mlp/plain/f32/grad float32", 43},
                                                    {"mlp/plain/f32/losses float32", 2},
                                                    {"param/c2al/f64/forward float64", 6},
                                                    {"param/c2al/f64/grad float64", 37},
                                                    {"param/c2al/f64/losses float64", 2},
                                                    {"param/c2al/f64/forward float32", 6},
                                                    {"param/c2al/f64/grad float32", 37},
                                                    {"param/c2al/f64/losses float32", 2},
                                                    {"mlp/mmoe/f64/forward float64", 4},
                                                    {"mlp/mmoe/f64/grad float64", 43},
                                                    {"mlp/mmoe/f64/losses float64", 2},
                                                    {"mlp/mmoe/f64/forward float32", 4},
                                                    {"mlp/mmoe/f64/grad float32", 43},
                                                    {"mlp/mmoe/f64/losses float32", 2},
                                                    {"mlp/pcgrad/f64/coefficients float64", 1},
                                                    {"mlp/pcgrad/f64/grad float64", 43},
                                                    {"mlp/pcgrad/f64/gram float64", 1},
                                                    {"mlp/pcgrad/f64/losses float64", 2},
                                                    {"mlp/pcgrad/f32/coefficients float32", 1},
                                                    {"mlp/pcgrad/f32/grad float32", 43},
                                                    {"mlp/pcgrad/f32/gram float32", 1},
                                                    {"mlp/pcgrad/f32/losses float32", 2},
                                                    {"param/pcgrad/f64/coefficients float64", 1},
                                                    {"param/pcgrad/f64/gram float64", 1},
                                                    {"param/pcgrad/f64/losses float64", 2},
                                                    {"param/pcgrad/f64/coefficients float32", 1},
                                                    {"param/pcgrad/f64/gram float32", 1},
                                                    {"param/pcgrad/f64/losses float32", 2}};
  EXPECT_EQ(arrays, expected);
}

TEST_F(VerifyTest, PassesOnTheFixtureOfPle) {
  const fs::path ple = fs::path(C2AL_TEST_DATA) / "ple_fixture.h5";
  std::string output;
  EXPECT_EQ(run_command({"verify", ple.string()}, output), 0);
  EXPECT_THAT(output, ::testing::EndsWith("checked 182 arrays in 6 groups\n"));
  for (const VerifiedGroup& group : verify_fixture(ple).groups)
    EXPECT_LE(group.worst_error, group.precision == "float64" ? 1e-10 : 2e-5) << group.name;

  const auto grow = [](double value) { return value + 1e-3 * (1 + std::abs(value)); };
  for (const char* path : {"forward/level0/gates", "forward/level1/experts", "forward/h_task",
                           "grad/ple.0.gate.shared.weight", "grad/ple.1.task2.w2"}) {
    const std::string whole = std::string("mlp/ple/f64/") + path;
    const Verification outcome =
        verify_fixture(changed([&](hid_t file) { change_first(file, whole.c_str(), grow); }, ple));
    std::size_t failures = 0;
    for (const VerifiedGroup& group : outcome.groups) failures += group.failures.size();
    EXPECT_EQ(failures, 2u) << path << ": this array in both precisions";
  }
}

TEST_F(VerifyTest, EveryKindOfArrayIsCompared) {
  const auto grow = [](double value) { return value + 1e-3 * (1 + std::abs(value)); };
  for (const char* path :
       {"mlp/c2al/f64/forward/layer1/cross", "mlp/c2al/f64/grad/layers.0.attn1.weight", "mlp/c2al/f64/grad/embedding",
        "mlp/c2al/f64/grad_of_output/layer0/Y", "mlp/c2al/f64/loss", "mlp/c2al/f64/task_losses",
        "mlp/c2al/f64/adam/step2/param/embedding", "mlp/c2al/f64/adagrad/step3/loss", "mlp/plain/f32/grad/head.bias",
        "param/c2al/f64/grad/layers.1.Y", "mlp/mmoe/f64/forward/experts", "mlp/mmoe/f64/forward/gates",
        "mlp/mmoe/f64/forward/h_task", "mlp/mmoe/f64/grad/mmoe.gate.weight", "mlp/pcgrad/f32/gram",
        "mlp/pcgrad/f64/coefficients", "mlp/pcgrad/f64/grad/layers.1.short.weight", "mlp/pcgrad/f64/grad/head.weight",
        "param/pcgrad/f64/gram"}) {
    const Verification outcome = verify_fixture(changed([&](hid_t file) { change_first(file, path, grow); }));
    EXPECT_FALSE(outcome.passed()) << path;
    std::size_t failures = 0;
    for (const VerifiedGroup& group : outcome.groups) failures += group.failures.size();
    EXPECT_GE(failures, 1u) << path;
    EXPECT_LE(failures, 2u) << path << ": only this array, in one or both precisions";
  }
}

TEST_F(VerifyTest, NaNFails) {
  for (const char* path : {"mlp/c2al/f64/forward/h", "mlp/c2al/f32/grad/top.0.bias"}) {
    const fs::path file = changed([&](hid_t id) { change_first(id, path, [](double) { return NAN; }); });
    std::string output;
    EXPECT_EQ(run_command({"verify", file.string()}, output), 1) << path;
    EXPECT_THAT(output, HasSubstr("BEYOND TOLERANCE"));
  }
}

TEST_F(VerifyTest, NaNInAWeightFailsEverywhere) {
  const fs::path file =
      changed([&](hid_t id) { change_first(id, "weights/bottom1.weight", [](double) { return NAN; }); });
  for (const VerifiedGroup& group : verify_fixture(file).groups) EXPECT_FALSE(group.failures.empty()) << group.name;
}

TEST_F(VerifyTest, ADatasetItDoesNotUnderstandFails) {
  for (const char* path : {"mlp/c2al/f64/forward/layer0/unknown", "mlp/c2al/f64/note", "mlp/other/f64/loss",
                           "mlp/plain/f16/loss", "free/plain/f64/loss", "extra", "inputs/extra",
                           "aggregators/mgda/weights", "mlp/c2al/f64/adam/step2/momentum"}) {
    const fs::path file = changed([&](hid_t id) { add_scalar(id, path); });
    EXPECT_THAT(verify_fixture(file).not_understood, ElementsAre(path));
    std::string output;
    EXPECT_EQ(run_command({"verify", file.string()}, output), 1);
    EXPECT_THAT(output, HasSubstr(fmt::format("not understood: /{}\n", path)));
  }
}

TEST_F(VerifyTest, WithoutFloat32GroupsTheFloat64OnesServeBothPrecisions) {
  const Verification outcome = verify_fixture(changed([](hid_t id) {
    H5Ldelete(id, "mlp/plain/f32", H5P_DEFAULT);
    H5Ldelete(id, "mlp/c2al/f32", H5P_DEFAULT);
  }));
  EXPECT_TRUE(outcome.passed());
  std::size_t float32 = 0, float64 = 0;
  for (const VerifiedGroup& group : outcome.groups) (group.precision == "float32" ? float32 : float64) += group.arrays;
  EXPECT_EQ(float32, float64);
}

TEST_F(VerifyTest, CheckingNothingFails) {
  const fs::path file = changed([](hid_t id) {
    H5Ldelete(id, "mlp", H5P_DEFAULT);
    H5Ldelete(id, "param", H5P_DEFAULT);
  });
  std::string output;
  EXPECT_EQ(run_command({"verify", file.string()}, output), 1);
  EXPECT_THAT(output, HasSubstr("checked 0 arrays in 0 groups\n"));
}

TEST_F(VerifyTest, DamagedInputsAreNamed) {
  EXPECT_THAT([&] { verify_fixture(folder_ / "missing.h5"); }, ThrowsMessage<RunError>(HasSubstr("missing.h5")));
  const fs::path text = folder_ / "text.h5";
  std::ofstream(text) << "no HDF5";
  EXPECT_THAT([&] { verify_fixture(text); }, ThrowsMessage<RunError>(HasSubstr("text.h5")));
  const fs::path no_ids = changed([](hid_t id) { H5Ldelete(id, "inputs/ids", H5P_DEFAULT); });
  EXPECT_THAT([&] { verify_fixture(no_ids); }, ThrowsMessage<RunError>(HasSubstr("/inputs/ids")));
  const fs::path no_weight = changed([](hid_t id) { H5Ldelete(id, "weights/layers.1.fm_out.weight", H5P_DEFAULT); });
  EXPECT_FALSE(verify_fixture(no_weight).passed()) << "a model without that module has other gradients";
  const fs::path no_bias = changed([](hid_t id) { H5Ldelete(id, "weights/top.1.bias", H5P_DEFAULT); });
  EXPECT_THAT([&] { verify_fixture(no_bias); }, ThrowsMessage<RunError>(HasSubstr("/weights/top.1.bias")));
  const fs::path bad_id = changed([](hid_t id) { change_first(id, "inputs/ids", [](double) { return 29; }); });
  EXPECT_THAT([&] { verify_fixture(bad_id); }, ThrowsMessage<RunError>(HasSubstr("embedding row 29")));
}

TEST_F(VerifyTest, WrongArgumentsAreUsageErrors) {
  std::string output;
  EXPECT_THROW(run_command({"verify"}, output), UsageError);
  ::testing::internal::GetCapturedStdout();
  EXPECT_THROW(run_command({"verify", "a.h5", "b.h5"}, output), UsageError);
  ::testing::internal::GetCapturedStdout();
}

}  // namespace
}  // namespace c2al
