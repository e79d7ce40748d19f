#include "core/training/state.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "core/error.hpp"

namespace c2al {
namespace {

namespace fs = std::filesystem;

class StateFile : public ::testing::Test {
 protected:
  void SetUp() override {
    file_ = fs::path(::testing::TempDir()) /
            (std::string("state_") + ::testing::UnitTest::GetInstance()->current_test_info()->name());
  }
  void TearDown() override { fs::remove(file_); }
  fs::path file_;
};

TEST_F(StateFile, KeepsEveryBit) {
  StateWriter writer;
  writer.scope("a/");
  writer.number("tenth", 0.1);
  writer.numbers("some", {1e-308, -0.0, 3.5});
  writer.scope("b/");
  writer.integer("big", ~std::uint64_t{0});
  writer.text("name", "preset \xc3\xa4");
  writer.numbers("none", {});
  writer.write(file_);

  StateReader reader(file_);
  reader.scope("a/");
  EXPECT_EQ(reader.number("tenth"), 0.1);
  EXPECT_EQ(reader.numbers("some"), (std::vector<double>{1e-308, -0.0, 3.5}));
  reader.scope("b/");
  EXPECT_EQ(reader.integer("big"), ~std::uint64_t{0});
  EXPECT_EQ(reader.text("name"), "preset \xc3\xa4");
  EXPECT_TRUE(reader.numbers("none").empty());
}

TEST_F(StateFile, NamesAMissingSectionAndAWrongSize) {
  StateWriter writer;
  writer.number("one", 1);
  StateReader reader(writer);
  EXPECT_THROW(reader.number("two"), RunError);
  std::uint32_t small = 0;
  EXPECT_THROW(reader.bytes("one", &small, sizeof small), RunError);
}

TEST_F(StateFile, RefusesWhatIsNoCheckpoint) {
  EXPECT_THROW(StateReader(file_.string() + ".missing"), RunError);
  std::ofstream(file_) << "not a checkpoint";
  EXPECT_THROW(StateReader{file_}, RunError);
}

TEST_F(StateFile, RefusesEveryTruncation) {
  StateWriter writer;
  writer.numbers("values", {1, 2, 3});
  writer.write(file_);
  const auto size = fs::file_size(file_);
  for (std::uintmax_t kept = 0; kept < size; ++kept) {
    fs::resize_file(file_, kept);
    EXPECT_THROW(StateReader{file_}, RunError) << kept << " of " << size << " bytes";
    writer.write(file_);
  }
}

TEST_F(StateFile, LeavesNothingBehindWhereItCannotWrite) {
  StateWriter writer;
  writer.number("one", 1);
  const fs::path nowhere = file_ / "no_such_folder" / "state";
  EXPECT_THROW(writer.write(nowhere), RunError);
  EXPECT_FALSE(fs::exists(nowhere));
}

}  // namespace
}  // namespace c2al
