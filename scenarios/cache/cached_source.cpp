#include "scenarios/cache/cached_source.hpp"

#include <array>
#include <mutex>

#include "core/data/memory_stream.hpp"
#include "core/error.hpp"
#include "scenarios/cache/cache_file.hpp"
#include "scenarios/cache/window_stream.hpp"

namespace c2al {

namespace {

/// Batches of a table that is kept as long as the stream.
class ResidentStream final : public BatchStream {
 public:
  ResidentStream(std::shared_ptr<const cache::Window> rows, const StreamOrder& order, std::size_t batch_size)
      : rows_(std::move(rows)), stream_(open_table(rows_->table, order, batch_size)) {}

  bool next(BatchView& batch) override { return stream_->next(batch); }
  void skip(std::uint64_t batches) override { stream_->skip(batches); }

 private:
  std::shared_ptr<const cache::Window> rows_;
  std::unique_ptr<BatchStream> stream_;
};

}  // namespace

struct CachedSource::State {
  explicit State(const std::filesystem::path& file) : file(std::make_shared<cache::CacheFile>(file)) {}

  std::shared_ptr<const cache::CacheFile> file;
  std::size_t window_rows = 0;
  std::mutex mutex;
  /// Splits of one window stay in memory once they are read.
  std::array<std::shared_ptr<const cache::Window>, split_count> resident;

  std::shared_ptr<const cache::Window> whole(Split split) {
    const std::lock_guard lock(mutex);
    auto& rows = resident[static_cast<std::size_t>(split)];
    if (!rows) {
      auto read = std::make_shared<cache::Window>();
      cache::read_split(*file, split, *read);
      rows = std::move(read);
    }
    return rows;
  }
};

CachedSource::CachedSource(const std::filesystem::path& file, std::size_t window_rows)
    : state_(std::make_unique<State>(file)) {
  state_->window_rows = window_rows;
}

CachedSource::~CachedSource() = default;

const Schema& CachedSource::schema() const { return state_->file->head().schema; }

std::uint64_t CachedSource::size(Split split) const { return state_->file->rows(split); }

std::vector<std::uint64_t> CachedSource::cohort_sizes(Split split, std::size_t axis) const {
  return state_->file->head().cohort_sizes.at(axis)[static_cast<std::size_t>(split)];
}

std::unique_ptr<BatchStream> CachedSource::open(Split split, const StreamOrder& order, std::size_t batch_size) const {
  if (batch_size == 0) throw UsageError("batch_size 0: expected at least 1");
  if (size(split) <= state_->window_rows)
    return std::make_unique<ResidentStream>(state_->whole(split), order, batch_size);
  return cache::open_windows(
      state_->file, split, cache::WindowOrder(size(split), state_->file->chunk_rows(split), state_->window_rows, order),
      batch_size);
}

const std::vector<std::pair<std::string, std::string>>& CachedSource::facts() const {
  return state_->file->head().facts;
}

}  // namespace c2al
