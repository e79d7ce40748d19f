#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/kernels/gemm.hpp"
#include "core/model/model_config.hpp"
#include "core/model/update_rule.hpp"

/// One plain loop per kernel, all sums in double: what the tests compare the kernels with. Arguments as in the kernel
/// of the same name.
namespace c2al::kernels::reference {

template <class T>
void gemm(Op a, Op b, std::size_t M, std::size_t N, std::size_t K, T alpha, const T* A, std::size_t lda, const T* B,
          std::size_t ldb, T beta, T* C, std::size_t ldc) {
  for (std::size_t i = 0; i < M; ++i)
    for (std::size_t j = 0; j < N; ++j) {
      double sum = 0;
      for (std::size_t l = 0; l < K; ++l) {
        const double left = a == Op::none ? A[i * lda + l] : A[l * lda + i];
        const double right = b == Op::none ? B[l * ldb + j] : B[j * ldb + l];
        sum += left * right;
      }
      const double old = beta == T(0) ? 0 : static_cast<double>(beta) * C[i * ldc + j];
      C[i * ldc + j] = static_cast<T>(alpha * sum + old);
    }
}

/// S of one sample: E^T E (d, d) for covariance, E E^T (m, m) for pairwise; then G = S Y in both forms.
template <class T>
std::vector<double> fm_gram(FmForm form, std::size_t m, std::size_t d, const T* E) {
  const bool covariance = form == FmForm::covariance;
  const std::size_t n = covariance ? d : m, inner = covariance ? m : d;
  std::vector<double> S(n * n, 0.0);
  for (std::size_t p = 0; p < n; ++p)
    for (std::size_t q = 0; q < n; ++q)
      for (std::size_t i = 0; i < inner; ++i)
        S[p * n + q] += covariance ? static_cast<double>(E[i * d + p]) * E[i * d + q]
                                   : static_cast<double>(E[p * d + i]) * E[q * d + i];
  return S;
}

template <class T>
void fm_attention_forward(FmForm form, std::size_t B, std::size_t m, std::size_t d, std::size_t k, const T* E,
                          std::size_t ldE, const T* Y, std::size_t ldY, T* G, std::size_t ldG) {
  const std::size_t n = form == FmForm::covariance ? d : m;
  for (std::size_t b = 0; b < B; ++b) {
    const std::vector<double> S = fm_gram(form, m, d, E + b * ldE);
    for (std::size_t p = 0; p < n; ++p)
      for (std::size_t c = 0; c < k; ++c) {
        double sum = 0;
        for (std::size_t q = 0; q < n; ++q) sum += S[p * n + q] * Y[b * ldY + q * k + c];
        G[b * ldG + p * k + c] = static_cast<T>(sum);
      }
  }
}

/// dY = S N, dX = (M + M^T) X with M = N Y^T (covariance), X^T likewise (pairwise), N = dG.
template <class T>
void fm_attention_backward(FmForm form, std::size_t B, std::size_t m, std::size_t d, std::size_t k, const T* E,
                           std::size_t ldE, const T* Y, std::size_t ldY, const T* dG, std::size_t lddG, T* dE,
                           std::size_t lddE, T* dY, std::size_t lddY) {
  const bool covariance = form == FmForm::covariance;
  const std::size_t n = covariance ? d : m;
  for (std::size_t b = 0; b < B; ++b) {
    const std::vector<double> S = fm_gram(form, m, d, E + b * ldE);
    const T *y = Y + b * ldY, *N = dG + b * lddG, *e = E + b * ldE;
    for (std::size_t p = 0; p < n; ++p)
      for (std::size_t c = 0; c < k; ++c) {
        double sum = ldY == 0 ? dY[p * k + c] : 0;
        for (std::size_t q = 0; q < n; ++q) sum += S[p * n + q] * N[q * k + c];
        dY[b * lddY + p * k + c] = static_cast<T>(sum);
      }
    std::vector<double> M(n * n, 0.0);
    for (std::size_t p = 0; p < n; ++p)
      for (std::size_t q = 0; q < n; ++q)
        for (std::size_t c = 0; c < k; ++c)
          M[p * n + q] +=
              static_cast<double>(N[p * k + c]) * y[q * k + c] + static_cast<double>(y[p * k + c]) * N[q * k + c];
    for (std::size_t j = 0; j < m; ++j)
      for (std::size_t a = 0; a < d; ++a) {
        double sum = dE[b * lddE + j * d + a];
        for (std::size_t q = 0; q < n; ++q)
          sum += covariance ? e[j * d + q] * M[q * n + a] : M[j * n + q] * e[q * d + a];
        dE[b * lddE + j * d + a] = static_cast<T>(sum);
      }
  }
}

/// One number's step; `row`: an embedding row's. For row-wise Adagrad of a row, g2 is the row's mean square.
template <class T>
void update_one(const UpdateRule& rule, bool row, double g2, T& p, T g, T* m, T* v) {
  const double rate = row ? rule.embedding_learning_rate : rule.learning_rate;
  switch (rule.kind) {
    case OptimizerKind::adam: {
      const double t = static_cast<double>(rule.step);
      const double moment = rule.beta1 * *m + (1 - rule.beta1) * g, square = rule.beta2 * *v + (1 - rule.beta2) * g * g;
      const double correction1 = 1 - std::pow(rule.beta1, t), correction2 = 1 - std::pow(rule.beta2, t);
      const double step =
          row ? rate * std::sqrt(correction2) / correction1 * moment / (std::sqrt(square) + rule.epsilon)
              : rate * (moment / correction1) / (std::sqrt(square / correction2) + rule.epsilon);
      *m = static_cast<T>(moment);
      *v = static_cast<T>(square);
      p = static_cast<T>(p - step);
      break;
    }
    case OptimizerKind::adagrad:
    case OptimizerKind::row_wise_adagrad: {
      const double sum = *v + g2;
      *v = static_cast<T>(sum);
      p = static_cast<T>(p - rate * g / (std::sqrt(sum) + rule.epsilon));
      break;
    }
    case OptimizerKind::sgd:
      p = static_cast<T>(p - rate * g);
      break;
  }
}

template <class T>
void dense_update(const UpdateRule& rule, std::size_t n, T* p, const T* g, T* m, T* v) {
  for (std::size_t i = 0; i < n; ++i)
    update_one(rule, false, static_cast<double>(g[i]) * g[i], p[i], g[i], m ? m + i : nullptr, v ? v + i : nullptr);
}

template <class T>
void row_update(const UpdateRule& rule, std::size_t distinct, std::size_t d, const std::int32_t* rows, const T* g,
                T* table, T* m, T* v) {
  for (std::size_t i = 0; i < distinct; ++i) {
    const std::size_t row = static_cast<std::size_t>(rows[i]);
    double mean = 0;
    for (std::size_t a = 0; a < d; ++a)
      mean += static_cast<double>(g[i * d + a]) * g[i * d + a] / static_cast<double>(d);
    const bool row_wise = rule.kind == OptimizerKind::row_wise_adagrad;
    const T accumulated = row_wise ? v[row] : T(0);
    for (std::size_t a = 0; a < d; ++a) {
      const std::size_t at = row * d + a;
      const T gradient = g[i * d + a];
      if (row_wise) v[row] = accumulated;  // every number of the row sees the accumulator before this step
      update_one(rule, true, row_wise ? mean : static_cast<double>(gradient) * gradient, table[at], gradient,
                 m ? m + at : nullptr, v ? (row_wise ? v + row : v + at) : nullptr);
    }
  }
}

template <class T>
void gather(std::size_t B, std::size_t fields, std::size_t d, const std::int32_t* rows, const T* table, T* x,
            std::size_t ldx) {
  for (std::size_t b = 0; b < B; ++b)
    for (std::size_t f = 0; f < fields; ++f)
      for (std::size_t a = 0; a < d; ++a)
        x[b * ldx + f * d + a] = table[static_cast<std::size_t>(rows[b * fields + f]) * d + a];
}

/// Gradient of the whole table, (V, d): the sum over all positions that name a row.
template <class T>
std::vector<double> table_gradient(std::size_t B, std::size_t fields, std::size_t d, const std::int32_t* rows,
                                   std::size_t table_rows, const T* dx, std::size_t ldx) {
  std::vector<double> gradient(table_rows * d, 0.0);
  for (std::size_t b = 0; b < B; ++b)
    for (std::size_t f = 0; f < fields; ++f)
      for (std::size_t a = 0; a < d; ++a)
        gradient[static_cast<std::size_t>(rows[b * fields + f]) * d + a] += dx[b * ldx + f * d + a];
  return gradient;
}

}  // namespace c2al::kernels::reference
