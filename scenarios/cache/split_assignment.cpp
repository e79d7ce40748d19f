#include "scenarios/cache/split_assignment.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>

#include "core/data/random_stream.hpp"
#include "core/error.hpp"
#include "scenarios/cache/text_hash.hpp"
#include "scenarios/tables/time_value.hpp"

namespace c2al {

namespace {

using Boundaries = std::array<std::uint64_t, split_count - 1>;

/// Bits in the order of the numbers.
std::uint64_t ordered_bits(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x + 0.0);
  return bits >> 63 != 0 ? ~bits : bits | std::uint64_t{1} << 63;
}

/// The key of a given rank, rows of lower keys, and rows of equal key that still come before the rank.
struct Cut {
  std::uint64_t bits = 0, before = 0;
};

/// Exact selection among the keys of all rows that no file claims: four passes, sixteen bits each.
std::array<Cut, split_count - 1> select(const Spool& spool, std::size_t given_column, std::size_t key_column,
                                        const Boundaries& ranks) {
  std::array<Cut, split_count - 1> cuts;
  for (std::size_t c = 0; c < cuts.size(); ++c) cuts[c].before = ranks[c];
  std::vector<double> keys;
  std::vector<std::uint8_t> given;
  for (int shift = 48; shift >= 0; shift -= 16) {
    std::array<std::vector<std::uint64_t>, split_count - 1> histograms;
    for (auto& histogram : histograms) histogram.assign(std::size_t{1} << 16, 0);
    for (std::size_t b = 0; b < spool.blocks(); ++b) {
      spool.read(b, key_column, keys);
      spool.read(b, given_column, given);
      for (std::size_t r = 0; r < keys.size(); ++r) {
        if (given[r] != SplitAssignment::not_given) continue;
        const std::uint64_t bits = ordered_bits(keys[r]);
        for (std::size_t c = 0; c < cuts.size(); ++c)
          if (shift == 48 || bits >> (shift + 16) == cuts[c].bits >> (shift + 16))
            ++histograms[c][(bits >> shift) & 0xffffu];
      }
    }
    for (std::size_t c = 0; c < cuts.size(); ++c) {
      std::uint64_t digit = 0;
      while (digit < 0xffffu && cuts[c].before >= histograms[c][digit]) cuts[c].before -= histograms[c][digit++];
      cuts[c].bits |= digit << shift;
    }
  }
  return cuts;
}

}  // namespace

std::string split_summary(const SplitRule& rule) {
  const auto by = [&]() -> std::string {
    switch (rule.by) {
      case SplitRule::By::row:
        return fmt::format("row, seed {}", rule.seed);
      case SplitRule::By::inputs:
        return fmt::format("inputs, seed {}", rule.seed);
      case SplitRule::By::column:
        return fmt::format("column {}, seed {}", rule.column, rule.seed);
      case SplitRule::By::time:
        return "time " + rule.column;
      case SplitRule::By::order:
        return "order";
    }
    return {};
  };
  return fmt::format("by {}; shares {} {} {} {} of what the files leave open", by(), rule.train, rule.discovery,
                     rule.validation, rule.test);
}

double SplitAssignment::key(std::uint64_t row, std::string_view split_key, std::uint64_t inputs_hash) const {
  const auto drawn = [&](std::uint64_t group) {
    return RandomStream(rule_.seed, StreamPurpose::splitting, group).uniform();
  };
  switch (rule_.by) {
    case SplitRule::By::row:
      return drawn(row);
    case SplitRule::By::inputs:
      return drawn(inputs_hash);
    case SplitRule::By::column:
      return drawn(text_hash(split_key));
    case SplitRule::By::order:
      return 0;
    case SplitRule::By::time: {
      double time = 0;
      if (!time_value(split_key, time))
        throw RunError(
            fmt::format("row {}: column '{}': value '{}': expected a time: a number, or a date as 2026-01-31", row + 1,
                        rule_.column, split_key));
      return time;
    }
  }
  return 0;
}

std::array<std::uint64_t, split_count> SplitAssignment::assign(Spool& spool, std::size_t given_column,
                                                               std::size_t key_column, std::size_t split_column) const {
  std::array<double, split_count> shares = {rule_.train, rule_.discovery, rule_.validation, rule_.test};
  double total = 0;
  for (std::size_t s = 0; s < split_count; ++s) {
    if (claimed_[s]) shares[s] = 0;
    total += shares[s];
  }
  std::array<double, split_count> upper{};
  double sum = 0;
  std::size_t last = 0;
  for (std::size_t s = 0; s < split_count; ++s) {
    upper[s] = (sum += shares[s]) / total;
    if (shares[s] > 0) last = s;
  }

  const bool ranked = rule_.by == SplitRule::By::time || rule_.by == SplitRule::By::order;
  std::vector<std::uint8_t> given, split;
  std::vector<double> keys;
  std::array<Cut, split_count - 1> cuts;
  if (ranked && total > 0) {
    std::uint64_t open = 0;
    for (std::size_t b = 0; b < spool.blocks(); ++b) {
      spool.read(b, given_column, given);
      for (const std::uint8_t g : given) open += g == not_given;
    }
    Boundaries ranks{};
    for (std::size_t c = 0; c < ranks.size(); ++c)
      ranks[c] = static_cast<std::uint64_t>(std::llround(upper[c] * static_cast<double>(open)));
    cuts = select(spool, given_column, key_column, ranks);
  }

  std::array<std::uint64_t, split_count> sizes{};
  for (std::size_t b = 0; b < spool.blocks(); ++b) {
    spool.read(b, given_column, given);
    spool.read(b, key_column, keys);
    split = given;
    for (std::size_t r = 0; r < split.size(); ++r) {
      if (given[r] == not_given) {
        if (total <= 0)
          throw RunError(
              "the files fill every split, but some rows belong to none of them: no share is left to draw by");
        std::size_t s = 0;
        if (ranked) {
          const std::uint64_t bits = ordered_bits(keys[r]);
          for (Cut& cut : cuts) {
            const bool before = bits < cut.bits || (bits == cut.bits && cut.before > 0);
            if (bits == cut.bits && cut.before > 0) --cut.before;
            s += !before;
          }
        } else {
          while (s < last && keys[r] >= upper[s]) ++s;
        }
        split[r] = static_cast<std::uint8_t>(s);
      }
      ++sizes[split[r]];
    }
    spool.write(b, split_column, split);
  }
  for (std::size_t s = 0; s < split_count; ++s)
    if (sizes[s] == 0)
      throw RunError(fmt::format("the {} split is empty: {} rows are too few for its share",
                                 split_name(static_cast<Split>(s)), spool.rows()));
  return sizes;
}

}  // namespace c2al
