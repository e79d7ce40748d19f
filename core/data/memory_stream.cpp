#include "core/data/memory_stream.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <type_traits>
#include <utility>
#include <vector>

namespace c2al {
namespace {

/// Position and batch boundaries, the same for both orders.
class TableStream : public BatchStream {
 public:
  TableStream(const SampleTable& table, std::size_t batch_size)
      : table_(table), batch_size_(batch_size), sample_id_(std::min(batch_size, table.size)) {}

  bool next(BatchView& batch) final {
    if (position_ >= table_.size) return false;
    batch = {};
    batch.size = std::min(batch_size_, table_.size - position_);
    batch.fields = table_.fields;
    batch.dense_features = table_.dense_features;
    batch.axes = table_.axes;
    batch.sample_id = sample_id_.data();
    fill(batch, position_);
    position_ += batch.size;
    return true;
  }

  void skip(std::uint64_t batches) final {
    const std::size_t left = table_.size - position_;
    position_ += batches > left / batch_size_ ? left : batches * batch_size_;
  }

 protected:
  /// Sets the columns and sample ids of batch.size samples from `position` of this stream's order.
  virtual void fill(BatchView& batch, std::size_t position) = 0;

  const SampleTable& table_;
  const std::size_t batch_size_;
  std::vector<std::uint64_t> sample_id_;

 private:
  std::size_t position_ = 0;
};

void point_into(const SampleTable& table, std::size_t position, BatchView& batch) {
  batch.rows = table.rows.data() + position * table.fields;
  batch.dense = table.dense.data() + position * table.dense_features;
  batch.label = table.label.data() + position;
  batch.weight = table.weight.data() + position;
  batch.cohort = table.cohort.data() + position * table.axes;
  batch.p_true = table.p_true.empty() ? nullptr : table.p_true.data() + position;
  batch.p_bayes = table.p_bayes.empty() ? nullptr : table.p_bayes.data() + position;
}

class OrderedStream final : public TableStream {
 public:
  OrderedStream(const SampleTable& table, std::size_t batch_size) : TableStream(table, batch_size) {
    if (table.weight.empty()) unit_weight_.assign(sample_id_.size(), 1.0f);
  }

 private:
  void fill(BatchView& batch, std::size_t position) override {
    std::iota(sample_id_.begin(), sample_id_.begin() + static_cast<std::ptrdiff_t>(batch.size), position);
    point_into(table_, position, batch);
    if (table_.weight.empty()) batch.weight = unit_weight_.data();
  }

  std::vector<float> unit_weight_;
};

std::vector<std::uint32_t> permutation(std::size_t size, const StreamOrder& order) {
  RandomStream stream(order.seed, StreamPurpose::shuffling, shuffling_substream(order));
  return shuffled_indices(size, stream);
}

/// Copies a short row. Pieces of fixed size, the last one overlapping its neighbour, spare the call of memcpy.
template <class T>
void copy_row(const T* from, std::size_t width, T* to) {
  const std::size_t bytes = width * sizeof(T);
  const auto* source = reinterpret_cast<const char*>(from);
  auto* target = reinterpret_cast<char*>(to);
  const auto pieces = [&](auto size) {
    constexpr std::size_t piece = decltype(size)::value;
    for (std::size_t at = 0; at + piece <= bytes; at += piece) std::memcpy(target + at, source + at, piece);
    std::memcpy(target + bytes - piece, source + bytes - piece, piece);
  };
  if (bytes >= 32)
    pieces(std::integral_constant<std::size_t, 32>());
  else if (bytes >= 8)
    pieces(std::integral_constant<std::size_t, 8>());
  else
    std::copy_n(from, width, to);
}

/// Reads the table in the order of a permutation: training, which is shown no truth.
class ShuffledStream final : public TableStream {
 public:
  ShuffledStream(const SampleTable& table, const StreamOrder& order, std::size_t batch_size)
      : TableStream(table, batch_size), order_(permutation(table.size, order)) {
    const std::size_t longest = sample_id_.size();
    gathered_.size = longest;
    gathered_.fields = table.fields;
    gathered_.dense_features = table.dense_features;
    gathered_.axes = table.axes;
    gathered_.rows.resize(longest * table.fields);
    gathered_.dense.resize(longest * table.dense_features);
    gathered_.label.resize(longest);
    gathered_.weight.assign(longest, 1.0f);
    gathered_.cohort.resize(longest * table.axes);
  }

 private:
  void fill(BatchView& batch, std::size_t position) override {
    const std::uint32_t* picked = order_.data() + position;
    const std::size_t known = table_.size - position;
    std::copy_n(picked, batch.size, sample_id_.begin());
    const auto gather = [&](const auto& from, auto& to, std::size_t width) {
      if (from.empty()) return;
      // Samples lie apart, in more memory than caches hold: each is asked for well before its turn.
      constexpr std::size_t ahead = 16, line = 64;
      const std::size_t bytes = width * sizeof(from[0]);
      for (std::size_t s = 0; s < batch.size; ++s) {
        const auto* later = reinterpret_cast<const char*>(from.data() + picked[std::min(s + ahead, known - 1)] * width);
        for (std::size_t at = 0; at < bytes; at += line) __builtin_prefetch(later + at);
        __builtin_prefetch(later + bytes - 1);
        copy_row(from.data() + picked[s] * width, width, to.data() + s * width);
      }
    };
    gather(table_.rows, gathered_.rows, table_.fields);
    gather(table_.dense, gathered_.dense, table_.dense_features);
    gather(table_.label, gathered_.label, 1);
    gather(table_.weight, gathered_.weight, 1);
    gather(table_.cohort, gathered_.cohort, table_.axes);
    point_into(gathered_, 0, batch);
  }

  std::vector<std::uint32_t> order_;
  SampleTable gathered_;
};

}  // namespace

std::vector<std::uint32_t> shuffled_indices(std::size_t size, RandomStream& stream) {
  std::vector<std::uint32_t> permuted(size);
  std::iota(permuted.begin(), permuted.end(), 0u);
  for (std::size_t i = size; i > 1; --i) std::swap(permuted[i - 1], permuted[stream.below(i)]);
  return permuted;
}

std::uint64_t shuffling_substream(const StreamOrder& order) { return (order.variant << 32) + order.epoch; }

std::unique_ptr<BatchStream> open_table(const SampleTable& table, const StreamOrder& order, std::size_t batch_size) {
  if (order.shuffled) return std::make_unique<ShuffledStream>(table, order, batch_size);
  return std::make_unique<OrderedStream>(table, batch_size);
}

}  // namespace c2al
