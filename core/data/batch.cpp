#include "core/data/batch.hpp"

namespace c2al {

const char* split_name(Split split) noexcept {
  switch (split) {
    case Split::train:
      return "train";
    case Split::discovery:
      return "discovery";
    case Split::validation:
      return "validation";
    case Split::test:
      return "test";
  }
  return "unknown";
}

}  // namespace c2al
