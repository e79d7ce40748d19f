#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

// One plain loop in double for each kernel of activation.hpp, layer_norm.hpp, loss.hpp and task_head.hpp: what tests
// compare with. Matrices are row-major without gaps.
namespace c2al::kernels::reference {

using Numbers = std::vector<double>;

/// relu(z + bias), z (R, n).
inline Numbers bias_relu(std::size_t R, std::size_t n, const Numbers& z, const Numbers& bias) {
  Numbers h(R * n);
  for (std::size_t i = 0; i < R * n; ++i) h[i] = std::max(z[i] + bias[i % n], 0.0);
  return h;
}

/// Column sums of x (R, n).
inline Numbers column_sum(std::size_t R, std::size_t n, const Numbers& x) {
  Numbers sum(n);
  for (std::size_t i = 0; i < R * n; ++i) sum[i % n] += x[i];
  return sum;
}

/// dL/dz of h = relu(z), h and dh (R, n).
inline Numbers relu_backward(const Numbers& h, const Numbers& dh) {
  Numbers dz(h.size());
  for (std::size_t i = 0; i < h.size(); ++i) dz[i] = h[i] > 0 ? dh[i] : 0;
  return dz;
}

struct LayerNormResult {
  Numbers xhat, rstd, out;
};

/// LayerNorm over the D numbers of each row of u.
inline LayerNormResult layer_norm(std::size_t R, std::size_t D, const Numbers& u, const Numbers& gamma,
                                  const Numbers& beta) {
  LayerNormResult result{Numbers(R * D), Numbers(R), Numbers(R * D)};
  for (std::size_t b = 0; b < R; ++b) {
    double mean = 0, variance = 0;
    for (std::size_t j = 0; j < D; ++j) mean += u[b * D + j] / static_cast<double>(D);
    for (std::size_t j = 0; j < D; ++j) variance += std::pow(u[b * D + j] - mean, 2) / static_cast<double>(D);
    result.rstd[b] = 1 / std::sqrt(variance + 1e-5);
    for (std::size_t j = 0; j < D; ++j) {
      result.xhat[b * D + j] = (u[b * D + j] - mean) * result.rstd[b];
      result.out[b * D + j] = result.xhat[b * D + j] * gamma[j] + beta[j];
    }
  }
  return result;
}

/// dL/du of LayerNorm from its definition: the Jacobian of xhat, row by row.
inline Numbers layer_norm_backward(std::size_t R, std::size_t D, const Numbers& dout, const LayerNormResult& forward,
                                   const Numbers& gamma) {
  Numbers du(R * D);
  const double n = static_cast<double>(D);
  for (std::size_t b = 0; b < R; ++b) {
    const double* xhat = forward.xhat.data() + b * D;
    for (std::size_t i = 0; i < D; ++i)
      for (std::size_t j = 0; j < D; ++j)
        du[b * D + i] +=
            dout[b * D + j] * gamma[j] * forward.rstd[b] * ((i == j ? 1.0 : 0.0) - 1 / n - xhat[i] * xhat[j] / n);
  }
  return du;
}

/// Logits (B, T) of heads weight (T, H), bias (T) on h (B, H).
inline Numbers task_heads(std::size_t B, std::size_t T, std::size_t H, const Numbers& h, const Numbers& weight,
                          const Numbers& bias) {
  Numbers logits(B * T);
  for (std::size_t b = 0; b < B; ++b)
    for (std::size_t t = 0; t < T; ++t) {
      logits[b * T + t] = bias[t];
      for (std::size_t j = 0; j < H; ++j) logits[b * T + t] += h[b * H + j] * weight[t * H + j];
    }
  return logits;
}

/// Cross entropy of the probability sigmoid(z) with target y, from its definition.
inline double cross_entropy(double z, double y) {
  const double p = 1 / (1 + std::exp(-z));
  return -(y > 0 ? y * std::log(p) : 0.0) - (y < 1 ? (1 - y) * std::log(1 - p) : 0.0);
}

}  // namespace c2al::kernels::reference
