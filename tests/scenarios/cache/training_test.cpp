#include <gtest/gtest.h>

#include "core/data/random_stream.hpp"
#include "core/training/state.hpp"
#include "core/training/trainer.hpp"
#include "scenarios/cache/cached_source.hpp"
#include "scenarios/cache/prepare_records.hpp"
#include "tests/core/training/small_world.hpp"
#include "tests/scenarios/cache/record_list.hpp"
#include "tests/scenarios/temporary_directory.hpp"

namespace c2al {
namespace {

/// A training split of several windows; batches cross their borders.
class CachedTraining : public TemporaryDirectory {
 protected:
  CachedTraining() {
    testing::RecordList records;
    records.categorical = {testing::categorical_column("user")};
    records.continuous = {testing::continuous_column("price", NumericTransform::standardise)};
    RandomStream random(1, StreamPurpose::samples);
    for (int r = 0; r < 1200; ++r)
      records.rows.push_back({{std::to_string(random.below(9))},
                              {random.normal()},
                              {random.below(2) == 0 ? "l" : "r"},
                              random.below(3) == 0 ? 1.0f : 0.0f,
                              ""});
    PrepareOptions options;
    options.chunk_rows = 50;
    prepare_records(testing::listed_description(), records, options, directory_ / "cache.h5");
  }
};

constexpr std::size_t window_rows = 150;

TEST_F(CachedTraining, ResumesInMidEpochToTheBit) {
  const CachedSource source(directory_ / "cache.h5", window_rows);
  Method method;
  Trainer whole(source, testing::small_model(), testing::small_training(), method, 7);
  ASSERT_TRUE(whole.train());
  const std::uint64_t per_epoch = whole.steps_done() / 2;
  for (const std::uint64_t stop : {std::uint64_t{1}, std::uint64_t{11}, per_epoch, per_epoch + 7}) {
    Trainer first(source, testing::small_model(), testing::small_training(), method, 7);
    ASSERT_FALSE(first.train([&](std::uint64_t done, std::uint64_t, std::uint64_t) { return done < stop; }));
    StateWriter writer;
    first.save(writer);
    writer.write(directory_ / "state");

    const CachedSource again(directory_ / "cache.h5", window_rows);
    Trainer second(again, testing::small_model(), testing::small_training(), method, 7);
    StateReader reader(directory_ / "state");
    second.load(reader);
    ASSERT_EQ(second.steps_done(), stop);
    ASSERT_TRUE(second.train());
    EXPECT_EQ(second.served_logits(Split::test), whole.served_logits(Split::test)) << stop;
  }
}

TEST_F(CachedTraining, RepeatsItselfAndOtherWindowsAreAnotherOrder) {
  const CachedSource one(directory_ / "cache.h5"), small(directory_ / "cache.h5", window_rows);
  Method method;
  std::vector<std::vector<float>> logits;
  for (const CachedSource* source : {&one, &one, &small}) {
    Trainer trainer(*source, testing::small_model(), testing::small_training(), method, 7);
    ASSERT_TRUE(trainer.train());
    logits.push_back(trainer.served_logits(Split::test));
  }
  EXPECT_EQ(logits[0], logits[1]);
  EXPECT_NE(logits[0], logits[2]);
}

}  // namespace
}  // namespace c2al
