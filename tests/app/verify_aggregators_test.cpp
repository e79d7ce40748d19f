#include "app/verify_aggregators.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "app/verify.hpp"
#include "core/error.hpp"

namespace c2al {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class VerifyAggregatorsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* test = ::testing::UnitTest::GetInstance()->current_test_info()->name();
    folder_ = fs::path(::testing::TempDir()) / fmt::format("c2al_verify_rules_{}_{}", test, ::getpid());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// A file with the Jacobian of TorchJD's tests as case "torchjd", and what `fill` adds to that group.
  fs::path file(const std::function<void(const hdf5::Group&)>& fill) {
    const fs::path path = folder_ / "rules.h5";
    hdf5::write_file(path, [&](const hdf5::Group& root) {
      const hdf5::Group group = root.create("aggregators/torchjd");
      const std::vector<double> jacobian = {-4, 1, 1, 6, 1, 1};
      group.write("jacobian", std::span<const double>(jacobian), {2, 3}, {"1", {"task", "parameter"}});
      fill(group);
    });
    return path;
  }
  /// Adds a method's group with its gradient.
  static hdf5::Group add(const hdf5::Group& parent, const std::string& method, const std::vector<double>& gradient) {
    hdf5::Group group = parent.create(method);
    group.write("gradient", gradient, "parameter");
    return group;
  }

  fs::path folder_;
};

int run_command(const fs::path& file, std::string& output) {
  std::vector<std::string> words = {"verify", file.string()};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  ::testing::internal::CaptureStdout();
  const int code = verify_command(static_cast<int>(argv.size()), argv.data());
  std::fflush(stdout);
  output = ::testing::internal::GetCapturedStdout();
  return code;
}

// TorchJD, tests/unit/aggregation/test_values.py.
TEST_F(VerifyAggregatorsTest, ChecksAFileOfRulesAlone) {
  const fs::path path = file([](const hdf5::Group& group) {
    add(group, "mgda", {0, 1, 1}).write("weights", std::vector<double>{0.6, 0.4}, "task");
    add(group, "cagrad", {0.1835, 1.2041, 1.2041}).set("c", 0.5);
    const hdf5::Group upgrad = add(group, "upgrad", {0.2929, 1.9004, 1.9004});
    upgrad.set("norm_eps", 1e-4);
    upgrad.set("reg_eps", 1e-4);
    add(group, "nash_mtl", {0.0542, 0.7061, 0.7061}).set("max_norm", std::int64_t{1});
  });
  std::string output;
  EXPECT_EQ(run_command(path, output), 0) << output;
  EXPECT_THAT(output, HasSubstr("aggregators/torchjd/mgda     float64     2 arrays  worst absolute error"));
  EXPECT_THAT(output, HasSubstr("aggregators/torchjd/cagrad"));
  EXPECT_THAT(output, ::testing::EndsWith("checked 5 arrays in 4 groups\n"));
}

// PCGrad in cyclic order, worked by hand: the primary (-4, 1, 1) stays, (6, 1, 1) is projected on its normal plane.
TEST_F(VerifyAggregatorsTest, ReadsSettingsOfEveryKind) {
  const std::vector<double> gradient = {-4 + 6 - 22.0 / 18 * 4, 2 + 22.0 / 18, 2 + 22.0 / 18};
  const auto with_flag = [&](const std::function<void(hid_t)>& set_flag) {
    return file([&](const hdf5::Group& group) {
      const hdf5::Group method = add(group, "pcgrad", gradient);
      const hid_t space = H5Screate(H5S_SCALAR), text = H5Tcopy(H5T_C_S1);
      H5Tset_size(text, H5T_VARIABLE);
      const hid_t order = H5Acreate2(method.id(), "order", text, space, H5P_DEFAULT, H5P_DEFAULT);
      const char* cyclic = "cyclic";
      H5Awrite(order, text, &cyclic);
      H5Aclose(order);
      H5Tclose(text);
      H5Sclose(space);
      method.set("reduction", "sum");  // of fixed length
      set_flag(method.id());
    });
  };
  const auto write_scalar = [](hid_t object, hid_t type, const void* value) {
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t attribute = H5Acreate2(object, "preserve_primary", type, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(attribute, type, value);
    H5Aclose(attribute);
    H5Sclose(space);
  };
  const fs::path as_enumeration = with_flag([&](hid_t object) {  // as h5py writes a boolean
    const hid_t type = H5Tenum_create(H5T_NATIVE_INT8);
    const std::int8_t no = 0, yes = 1;
    H5Tenum_insert(type, "FALSE", &no);
    H5Tenum_insert(type, "TRUE", &yes);
    write_scalar(object, type, &yes);
    H5Tclose(type);
  });
  std::string output;
  EXPECT_EQ(run_command(as_enumeration, output), 0) << output;
  const std::int32_t one = 1, zero = 0;
  EXPECT_EQ(run_command(with_flag([&](hid_t object) { write_scalar(object, H5T_NATIVE_INT32, &one); }), output), 0)
      << output;
  EXPECT_EQ(run_command(with_flag([&](hid_t object) { write_scalar(object, H5T_NATIVE_INT32, &zero); }), output), 1);
}

TEST_F(VerifyAggregatorsTest, ADifferenceBeyondToleranceFails) {
  std::string output;
  EXPECT_EQ(run_command(file([](const hdf5::Group& group) { add(group, "mgda", {0, 1.00009, 1}); }), output), 0);
  EXPECT_EQ(run_command(file([](const hdf5::Group& group) { add(group, "mgda", {0, 1.0002, 1}); }), output), 1);
  EXPECT_THAT(output, HasSubstr("gradient: absolute error 2.0e-04 (tolerance 1e-04)"));
  EXPECT_EQ(run_command(file([](const hdf5::Group& group) {
                          add(group, "mgda", {0, 1, 1}).write("weights", std::vector<double>{0.6}, "task");
                        }),
                        output),
            1);
  EXPECT_THAT(output, HasSubstr("weights: shape (1), this build has (2)"));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(run_command(file([&](const hdf5::Group& group) { add(group, "mgda", {0, nan, 1}); }), output), 1);
}

TEST_F(VerifyAggregatorsTest, WhatIsNotKnownIsNotUnderstood) {
  const auto not_understood = [&](const std::function<void(const hdf5::Group&)>& fill) {
    const Verification outcome = verify_fixture(file([&](const hdf5::Group& group) {
      add(group, "mgda", {0, 1, 1});
      fill(group);
    }));
    EXPECT_FALSE(outcome.passed());
    EXPECT_EQ(outcome.groups.size(), 1u);
    return outcome.not_understood;
  };
  EXPECT_THAT(not_understood([](const hdf5::Group& group) {
                add(group, "no_such_rule", {0, 1, 1});
              }),
              ElementsAre(HasSubstr("aggregators/torchjd/no_such_rule: ")));
  EXPECT_THAT(not_understood([](const hdf5::Group& group) {
                add(group, "plain", {0, 1, 1});
              }),
              ElementsAre(HasSubstr("aggregators/torchjd/plain: 'plain' does not combine")));
  EXPECT_THAT(not_understood([](const hdf5::Group& group) {
                add(group, "cagrad", {0, 1, 1}).set("radius", 0.5);
              }),
              ElementsAre(::testing::AllOf(HasSubstr("aggregators/torchjd/cagrad: "), HasSubstr("radius"))));
  EXPECT_THAT(not_understood([](const hdf5::Group& group) {
                add(group, "cagrad", {0, 1, 1}).set("c", "wide");
              }),
              ElementsAre(HasSubstr("wide")));
  EXPECT_THAT(not_understood([](const hdf5::Group& group) { group.create("cagrad").write_scalar("direction", 1.0); }),
              ElementsAre("aggregators/torchjd/cagrad/direction"));
  EXPECT_THAT(not_understood([](const hdf5::Group& group) { group.create("cagrad"); }),
              ElementsAre("aggregators/torchjd/cagrad"));
  EXPECT_THAT(not_understood([](const hdf5::Group& group) { group.write_scalar("remark", 1.0); }),
              ElementsAre("aggregators/torchjd/remark"));
}

TEST_F(VerifyAggregatorsTest, AJacobianMustBeAMatrixOfFiniteNumbers) {
  const auto with_jacobian = [&](const std::vector<double>& values, const hdf5::Shape& shape) {
    const fs::path path = folder_ / "jacobian.h5";
    hdf5::write_file(path, [&](const hdf5::Group& root) {
      root.create("aggregators/odd")
          .write("jacobian", std::span<const double>(values), shape,
                 {"1", std::vector<std::string>(shape.size(), "x")});
    });
    return path;
  };
  EXPECT_THROW(verify_fixture(with_jacobian({1, 2}, {2})), RunError);
  EXPECT_THROW(verify_fixture(with_jacobian({1, std::numeric_limits<double>::infinity()}, {1, 2})), RunError);
  EXPECT_FALSE(verify_fixture(with_jacobian({1, 2}, {1, 2})).passed()) << "nothing was checked";
}

}  // namespace
}  // namespace c2al
