#pragma once
#include <cstddef>
#include <cstdint>

namespace c2al {

/// The four splits every data source has. Discovery rows train nothing and test nothing; the test split enters no
/// choice.
enum class Split : std::uint8_t { train = 0, discovery = 1, validation = 2, test = 3 };
inline constexpr std::size_t split_count = 4;
/// "train", "discovery", "validation", "test".
const char* split_name(Split split) noexcept;

/// A view of some samples in host memory, row-major; valid until its stream advances. B = size.
struct BatchView {
  std::size_t size = 0;
  std::size_t fields = 0;
  std::size_t dense_features = 0;
  std::size_t axes = 0;
  const std::int32_t* rows = nullptr;        ///< (B, fields) rows of the concatenated embedding table
  const float* dense = nullptr;              ///< (B, dense_features)
  const float* label = nullptr;              ///< (B) 0 or 1
  const float* weight = nullptr;             ///< (B) evaluation weight (stratified splits); training ignores it
  const std::uint16_t* cohort = nullptr;     ///< (B, axes) index of the sample's cohort on each axis
  const std::uint64_t* sample_id = nullptr;  ///< (B) position of the sample in its split, 0 .. size(split)-1
  const double* p_true = nullptr;   ///< (B) p(y=1 | x, all cohorts); null where unknown, and in shuffled streams
  const double* p_bayes = nullptr;  ///< (B) p(y=1 | x), the best any model can do; null likewise
};

}  // namespace c2al
