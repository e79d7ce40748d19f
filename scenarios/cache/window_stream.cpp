#include "scenarios/cache/window_stream.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "scenarios/cache/prefetcher.hpp"

namespace c2al::cache {

namespace {

class WindowStream final : public BatchStream {
 public:
  WindowStream(std::shared_ptr<const CacheFile> file, Split split, WindowOrder order, std::size_t batch_size)
      : file_(std::move(file)), split_(split), order_(std::move(order)), batch_size_(batch_size) {
    unit_weight_.assign(std::min<std::uint64_t>(batch_size, rows()), 1.0f);
  }

  bool next(BatchView& batch) override {
    if (position_ >= rows()) return false;
    batch = {};
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(batch_size_, rows() - position_));
    std::size_t local = enter(position_);
    if (size <= order_.rows_of(current_) - local) {
      point_into(*window_, local, batch);
    } else {
      file_->make_room(size, joined_);
      for (std::size_t done = 0; done < size;) {
        local = enter(position_ + done);
        const std::size_t count = std::min(size - done, order_.rows_of(current_) - local);
        copy(*window_, local, count, done);
        done += count;
      }
      point_into(joined_, 0, batch);
    }
    batch.size = size;
    batch.weight = unit_weight_.data();
    position_ += size;
    return true;
  }

  void skip(std::uint64_t batches) override {
    const std::uint64_t left = rows() - position_;
    position_ += batches > left / batch_size_ ? left : batches * batch_size_;
  }

 private:
  std::uint64_t rows() const { return order_.start(order_.windows()); }

  /// Makes the window of a position the current one; returns the position within it.
  std::size_t enter(std::uint64_t position) {
    const std::size_t wanted = order_.window_at(position);
    if (!window_ || current_ != wanted) {
      if (!ahead_ || ahead_->next() != wanted) {
        ahead_.reset();
        ahead_ = std::make_unique<Prefetcher>(
            [this](std::size_t w, Window& to, const std::stop_token& stop) { load(w, to, stop); }, wanted,
            order_.windows());
      }
      window_ = ahead_->take(std::move(window_));
      current_ = wanted;
    }
    return static_cast<std::size_t>(position - order_.start(wanted));
  }

  /// Runs in the prefetcher's thread, and only there.
  void load(std::size_t window, Window& to, const std::stop_token& stop) {
    const std::vector<std::uint32_t> places = order_.places_of(window);
    file_->make_room(places.size(), to);
    std::size_t done = 0;
    for (const std::size_t chunk : order_.chunks_of(window)) {
      if (stop.stop_requested()) return;
      file_->read_chunk(split_, chunk, places.data() + done, to, scratch_);
      done += file_->rows_of(split_, chunk);
    }
  }

  void copy(const Window& from, std::size_t first, std::size_t count, std::size_t to) {
    const SampleTable& table = from.table;
    const auto part = [&](const auto& source, auto& target, std::size_t width) {
      std::copy_n(source.begin() + static_cast<std::ptrdiff_t>(first * width), count * width,
                  target.begin() + static_cast<std::ptrdiff_t>(to * width));
    };
    part(table.rows, joined_.table.rows, table.fields);
    part(table.dense, joined_.table.dense, table.dense_features);
    part(table.label, joined_.table.label, 1);
    part(table.cohort, joined_.table.cohort, table.axes);
    part(from.sample_id, joined_.sample_id, 1);
  }

  static void point_into(const Window& window, std::size_t first, BatchView& batch) {
    const SampleTable& table = window.table;
    batch.fields = table.fields;
    batch.dense_features = table.dense_features;
    batch.axes = table.axes;
    batch.rows = table.rows.data() + first * table.fields;
    batch.dense = table.dense.data() + first * table.dense_features;
    batch.label = table.label.data() + first;
    batch.cohort = table.cohort.data() + first * table.axes;
    batch.sample_id = window.sample_id.data() + first;
  }

  std::shared_ptr<const CacheFile> file_;
  Split split_;
  WindowOrder order_;
  std::size_t batch_size_;
  std::uint64_t position_ = 0;
  std::vector<float> unit_weight_;
  std::unique_ptr<Window> window_;
  std::size_t current_ = 0;
  Window joined_;
  CacheFile::Scratch scratch_;
  // Last, so that its thread ends before anything it uses.
  std::unique_ptr<Prefetcher> ahead_;
};

}  // namespace

std::unique_ptr<BatchStream> open_windows(std::shared_ptr<const CacheFile> file, Split split, WindowOrder order,
                                          std::size_t batch_size) {
  return std::make_unique<WindowStream>(std::move(file), split, std::move(order), batch_size);
}

void read_split(const CacheFile& file, Split split, Window& window) {
  file.make_room(static_cast<std::size_t>(file.rows(split)), window);
  std::vector<std::uint32_t> places(file.chunk_rows(split));
  std::iota(places.begin(), places.end(), 0u);
  CacheFile::Scratch scratch;
  for (std::size_t chunk = 0; chunk < file.chunks(split); ++chunk) {
    file.read_chunk(split, chunk, places.data(), window, scratch);
    for (std::uint32_t& place : places) place += static_cast<std::uint32_t>(file.chunk_rows(split));
  }
}

}  // namespace c2al::cache
