#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace c2al {

/// Numbers the different texts of a column in order of first appearance, from 1; 0 stands for a missing value. An
/// open-addressing table, built to be asked for many columns of a row: begin() computes the hash and fetches the slot,
/// code() looks into it when all columns have begun. Texts of up to eight bytes are compared within the slot.
class Vocabulary {
 public:
  Vocabulary();

  /// What code() needs to know of a text.
  struct Query {
    std::uint64_t key = 0, hash = 0;
  };
  Query begin(std::string_view text) const;
  /// The text's code; a new one where it was never seen. Throws RunError beyond 2^31 - 2 texts.
  std::uint32_t code(std::string_view text, const Query& query);
  std::uint32_t code(std::string_view text) { return text.empty() ? 0 : code(text, begin(text)); }

  /// Different texts seen; codes run from 1 to size().
  std::size_t size() const { return entries_.size(); }
  /// @param code  1 .. size()
  std::string_view text(std::uint32_t code) const { return entries_[code - 1]; }
  /// Bytes held by table and texts.
  std::size_t bytes() const;

 private:
  struct Slot {
    std::uint64_t key = 0;   ///< a short text's bytes, a long one's hash
    std::uint32_t code = 0;  ///< 0: free
    std::uint32_t length = 0;
  };
  void grow();
  std::string_view keep(std::string_view text);

  std::vector<Slot> slots_;
  std::size_t mask_;
  std::vector<std::string_view> entries_;
  std::vector<std::unique_ptr<char[]>> arena_;
  std::size_t arena_used_ = 0, arena_size_ = 0, arena_bytes_ = 0;
};

}  // namespace c2al
