#include "synthetic/interaction.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

namespace c2al::synthetic {
namespace {

using Vectors = std::vector<double>;  // (rank, vocabulary)

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// A^T u for every id.
Vectors transformed(const Vectors& u, const std::vector<double>& matrix, std::size_t rank) {
  const std::size_t vocabulary = u.size() / rank;
  Vectors result(u.size(), 0.0);
  for (std::size_t b = 0; b < rank; ++b)
    for (std::size_t a = 0; a < rank; ++a)
      for (std::size_t id = 0; id < vocabulary; ++id)
        result[b * vocabulary + id] += matrix[a * rank + b] * u[a * vocabulary + id];
  return result;
}

/// Expected vector (rank).
std::vector<double> mean(const Vectors& vectors, const std::vector<double>& probability, std::size_t rank) {
  std::vector<double> result(rank, 0.0);
  for (std::size_t a = 0; a < rank; ++a)
    for (std::size_t id = 0; id < probability.size(); ++id)
      result[a] += probability[id] * vectors[a * probability.size() + id];
  return result;
}

/// Expected outer product (rank, rank).
std::vector<double> second_moment(const Vectors& vectors, const std::vector<double>& probability, std::size_t rank) {
  const std::size_t vocabulary = probability.size();
  std::vector<double> result(rank * rank, 0.0);
  for (std::size_t a = 0; a < rank; ++a)
    for (std::size_t b = 0; b < rank; ++b)
      for (std::size_t id = 0; id < vocabulary; ++id)
        result[a * rank + b] += probability[id] * vectors[a * vocabulary + id] * vectors[b * vocabulary + id];
  return result;
}

/// Expectation of a pair's term given the id of one of its fields, whose vectors these are: (vocabulary).
std::vector<double> conditional_mean(const Vectors& vectors, const std::vector<double>& other_mean) {
  const std::size_t vocabulary = vectors.size() / other_mean.size();
  std::vector<double> result(vocabulary, 0.0);
  for (std::size_t a = 0; a < other_mean.size(); ++a)
    for (std::size_t id = 0; id < vocabulary; ++id) result[id] += other_mean[a] * vectors[a * vocabulary + id];
  return result;
}

}  // namespace

RandomStream world_stream(std::uint64_t seed, const std::string& name) {
  return RandomStream(seed, StreamPurpose::world, name_hash(name.c_str()));
}

Latents draw_latents(std::uint64_t seed, const std::string& name, const std::vector<std::uint32_t>& vocabularies,
                     std::size_t rank) {
  Latents latents{rank, {}};
  for (std::size_t f = 0; f < vocabularies.size(); ++f) {
    RandomStream stream = world_stream(seed, fmt::format("{}/latents/{}", name, f));
    std::vector<double>& vectors = latents.of_field.emplace_back(rank * vocabularies[f]);
    for (double& value : vectors) value = stream.normal();
  }
  return latents;
}

std::vector<std::pair<std::size_t, std::size_t>> draw_pairs(RandomStream& stream, std::size_t fields,
                                                            std::size_t count) {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t i = 0; i < fields; ++i)
    for (std::size_t j = i + 1; j < fields; ++j) pairs.emplace_back(i, j);
  for (std::size_t k = 0; k < count; ++k) std::swap(pairs[k], pairs[k + stream.below(pairs.size() - k)]);
  pairs.resize(count);
  return pairs;
}

PairInteractions::PairInteractions(const Latents& latents, const std::vector<std::vector<double>>& probabilities,
                                   std::size_t pairs, RandomStream& stream)
    : rank_(latents.rank) {
  struct Moments {
    double mean;
    std::vector<double> given_left, given_right;
  };
  std::vector<Moments> moments;
  double mean_sum = 0, variance = 0;
  for (const auto& [i, j] : draw_pairs(stream, probabilities.size(), pairs)) {
    std::vector<double> matrix(rank_ * rank_);
    for (double& entry : matrix) entry = stream.normal();
    Vectors left = transformed(latents.of_field[i], matrix, rank_);
    const Vectors& right = latents.of_field[j];
    const std::vector<double> left_mean = mean(left, probabilities[i], rank_);
    const std::vector<double> right_mean = mean(right, probabilities[j], rank_);
    const double pair_mean = dot(left_mean, right_mean);
    mean_sum += pair_mean;
    // E (w . v)^2 is the inner product of the second moments of the independent w and v.
    variance += dot(second_moment(left, probabilities[i], rank_), second_moment(right, probabilities[j], rank_)) -
                pair_mean * pair_mean;
    moments.push_back({pair_mean, conditional_mean(left, right_mean), conditional_mean(right, left_mean)});
    pairs_.push_back({i, j, std::move(left), right});
  }

  // Two distinct pairs share at most one field; given its id they are independent.
  for (std::size_t k = 0; k < pairs_.size(); ++k) {
    for (std::size_t l = 0; l < k; ++l) {
      for (const std::size_t field : {pairs_[k].left_field, pairs_[k].right_field}) {
        if (field != pairs_[l].left_field && field != pairs_[l].right_field) continue;
        const auto& given_k = field == pairs_[k].left_field ? moments[k].given_left : moments[k].given_right;
        const auto& given_l = field == pairs_[l].left_field ? moments[l].given_left : moments[l].given_right;
        double covariance = -moments[k].mean * moments[l].mean;
        for (std::size_t id = 0; id < given_k.size(); ++id)
          covariance += probabilities[field][id] * given_k[id] * given_l[id];
        variance += 2 * covariance;
      }
    }
  }

  const double scale = 1 / std::sqrt(variance);
  for (Pair& pair : pairs_)
    for (double& value : pair.left) value *= scale;
  offset_ = -mean_sum * scale;
}

void PairInteractions::evaluate(const std::int32_t* ids, std::size_t stride, std::size_t size,
                                double* __restrict out) const {
  for (std::size_t s = 0; s < size; ++s) out[s] = offset_;
  for (const Pair& pair : pairs_) {
    const std::int32_t* i = ids + pair.left_field * stride;
    const std::int32_t* j = ids + pair.right_field * stride;
    const std::size_t left_vocabulary = pair.left.size() / rank_, right_vocabulary = pair.right.size() / rank_;
    for (std::size_t a = 0; a < rank_; ++a) {
      const double* left = pair.left.data() + a * left_vocabulary;
      const double* right = pair.right.data() + a * right_vocabulary;
      for (std::size_t s = 0; s < size; ++s) out[s] += left[i[s]] * right[j[s]];
    }
  }
}

}  // namespace c2al::synthetic
