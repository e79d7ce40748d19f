#include "results/probe_samples.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/data/random_stream.hpp"

namespace c2al {

namespace {

constexpr std::size_t reading_batch = 4096;

std::vector<std::uint16_t> cohorts_of_test(const DataSource& source, std::size_t axis) {
  std::vector<std::uint16_t> cohorts;
  cohorts.reserve(source.size(Split::test));
  const auto stream = source.open(Split::test, {}, reading_batch);
  for (BatchView batch; stream->next(batch);)
    for (std::size_t b = 0; b < batch.size; ++b) cohorts.push_back(batch.cohort[b * batch.axes + axis]);
  return cohorts;
}

/// Moves `count` random members of `pool` (all when there are fewer) into `chosen`.
void draw(std::vector<std::uint64_t>& pool, std::size_t count, RandomStream& random,
          std::vector<std::uint64_t>& chosen) {
  count = std::min(count, pool.size());
  for (std::size_t i = 0; i < count; ++i) {
    std::swap(pool[i], pool[i + random.below(pool.size() - i)]);
    chosen.push_back(pool[i]);
  }
}

template <class T>
void append_row(std::vector<T>& column, const T* first, std::size_t width, std::size_t row) {
  if (first != nullptr) column.insert(column.end(), first + row * width, first + (row + 1) * width);
}

}  // namespace

ProbeSamples choose_probe_samples(const DataSource& source, const CohortPair& pair, std::size_t count,
                                  std::uint64_t seed) {
  const std::vector<std::uint16_t> cohorts = cohorts_of_test(source, pair.axis);
  count = std::min(count, cohorts.size());
  RandomStream random(seed, StreamPurpose::probe);
  ProbeSamples probe;
  for (const std::size_t cohort : {pair.head_cohort, pair.tail_cohort}) {
    std::vector<std::uint64_t> members;
    for (std::uint64_t i = 0; i < cohorts.size(); ++i)
      if (cohorts[i] == cohort) members.push_back(i);
    draw(members, count / 4, random, probe.ids);
  }
  std::vector<bool> taken(cohorts.size(), false);
  for (const std::uint64_t id : probe.ids) taken[id] = true;
  std::vector<std::uint64_t> rest;
  for (std::uint64_t i = 0; i < cohorts.size(); ++i)
    if (!taken[i]) rest.push_back(i);
  draw(rest, count - probe.ids.size(), random, probe.ids);
  std::sort(probe.ids.begin(), probe.ids.end());

  const auto stream = source.open(Split::test, {}, reading_batch);
  std::uint64_t begin = 0;
  std::size_t next = 0;
  for (BatchView batch; next < probe.ids.size() && stream->next(batch); begin += batch.size) {
    probe.view.fields = batch.fields;
    probe.view.dense_features = batch.dense_features;
    probe.view.axes = batch.axes;
    for (; next < probe.ids.size() && probe.ids[next] < begin + batch.size; ++next) {
      const std::size_t row = probe.ids[next] - begin;
      append_row(probe.rows, batch.rows, batch.fields, row);
      append_row(probe.dense, batch.dense, batch.dense_features, row);
      append_row(probe.label, batch.label, 1, row);
      append_row(probe.cohort, batch.cohort, batch.axes, row);
    }
  }
  probe.view.size = probe.ids.size();
  probe.view.rows = probe.rows.data();
  probe.view.dense = probe.dense.data();
  probe.view.label = probe.label.data();
  probe.view.cohort = probe.cohort.data();
  probe.view.sample_id = probe.ids.data();
  return probe;
}

}  // namespace c2al
