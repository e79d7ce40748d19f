#include "scenarios/cache/vocabulary.hpp"

#include <algorithm>
#include <cstring>

#include "core/error.hpp"
#include "scenarios/cache/text_hash.hpp"

namespace c2al {

namespace {

constexpr std::size_t first_slots = 64, arena_block = std::size_t{1} << 18;
constexpr std::size_t short_text = 8, longest_vocabulary = (std::size_t{1} << 31) - 2;

std::uint64_t slot_hash(std::uint64_t key, std::size_t length) { return hash_word(key, length); }

}  // namespace

Vocabulary::Vocabulary() : slots_(first_slots), mask_(first_slots - 1) {}

Vocabulary::Query Vocabulary::begin(std::string_view text) const {
  Query query;
  query.key = text.size() <= short_text ? load_word(text.data(), text.size()) : text_hash(text);
  query.hash = slot_hash(query.key, text.size());
  __builtin_prefetch(&slots_[query.hash & mask_]);
  return query;
}

std::uint32_t Vocabulary::code(std::string_view text, const Query& query) {
  for (std::size_t i = query.hash & mask_;; i = (i + 1) & mask_) {
    Slot& slot = slots_[i];
    if (slot.code == 0) {
      if (entries_.size() >= longest_vocabulary) throw RunError("a column holds more than 2^31 - 2 different texts");
      const std::string_view kept = keep(text);
      entries_.push_back(kept);
      slot = {query.key, static_cast<std::uint32_t>(entries_.size()), static_cast<std::uint32_t>(text.size())};
      const auto code = slot.code;
      if (entries_.size() * 2 > slots_.size()) grow();
      return code;
    }
    if (slot.key == query.key && slot.length == text.size() &&
        (text.size() <= short_text || entries_[slot.code - 1] == text))
      return slot.code;
  }
}

void Vocabulary::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  mask_ = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.code == 0) continue;
    std::size_t i = slot_hash(slot.key, slot.length) & mask_;
    while (slots_[i].code != 0) i = (i + 1) & mask_;
    slots_[i] = slot;
  }
}

std::string_view Vocabulary::keep(std::string_view text) {
  if (arena_used_ + text.size() > arena_size_) {
    // Small vocabularies stay small.
    arena_size_ = std::max(text.size(), std::clamp<std::size_t>(arena_bytes_, 1024, arena_block));
    arena_.push_back(std::make_unique<char[]>(arena_size_));
    arena_bytes_ += arena_size_;
    arena_used_ = 0;
  }
  char* to = arena_.back().get() + arena_used_;
  std::memcpy(to, text.data(), text.size());
  arena_used_ += text.size();
  return {to, text.size()};
}

std::size_t Vocabulary::bytes() const {
  return slots_.capacity() * sizeof(Slot) + entries_.capacity() * sizeof(std::string_view) + arena_bytes_;
}

}  // namespace c2al
