#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/data/random_stream.hpp"

namespace c2al::synthetic {

/// The stream of a world's draws that go by `name`. Draws of one name do not depend on what else the world contains, so
/// that adding an axis leaves fields and global interactions as they are.
RandomStream world_stream(std::uint64_t seed, const std::string& name);

/// Latent vectors of all ids: one (rank, vocabulary) array a field, standard normal.
struct Latents {
  std::size_t rank = 0;
  std::vector<std::vector<double>> of_field;
};

/// @param name  of the set of latent vectors; equal names give equal vectors
Latents draw_latents(std::uint64_t seed, const std::string& name, const std::vector<std::uint32_t>& vocabularies,
                     std::size_t rank);

/// `count` distinct unordered pairs out of `fields` fields, each subset equally likely.
/// @param count  at most fields * (fields - 1) / 2
std::vector<std::pair<std::size_t, std::size_t>> draw_pairs(RandomStream& stream, std::size_t fields,
                                                            std::size_t count);

/// Sum over field pairs (i, j) of u_i^T A_ij u_j with standard normal A_ij, shifted and scaled to mean 0 and variance 1
/// in a population whose fields are independent. Mean and variance are computed exactly from the id probabilities;
/// pairs that share a field are correlated.
class PairInteractions {
 public:
  /// @param probabilities  of the ids of every field
  /// @param stream         gives the pairs and the matrices
  PairInteractions(const Latents& latents, const std::vector<std::vector<double>>& probabilities, std::size_t pairs,
                   RandomStream& stream);

  /// @param ids   (fields, stride): ids of a block of samples, one field after the other
  /// @param size  samples in the block, at most stride
  /// @param out   (size)
  void evaluate(const std::int32_t* ids, std::size_t stride, std::size_t size, double* out) const;

 private:
  struct Pair {
    std::size_t left_field, right_field;
    std::vector<double> left;   ///< (rank, vocabulary) A_ij^T u_i, scaled
    std::vector<double> right;  ///< (rank, vocabulary) u_j
  };
  std::size_t rank_;
  std::vector<Pair> pairs_;
  double offset_ = 0;
};

}  // namespace c2al::synthetic
