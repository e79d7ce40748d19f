#pragma once
#include <cstddef>

#include "core/kernels/execution.hpp"
#include "core/model/model_config.hpp"

namespace c2al::kernels {

/// E read as a matrix of `rows` x `columns` so that both forms become G = A^T (A Y), Y and G (columns, k): A = E for
/// covariance, A = E^T for pairwise.
struct FmOperand {
  std::size_t rows, columns, row_stride, column_stride;

  FmOperand(FmForm form, std::size_t m, std::size_t d)
      : rows(form == FmForm::covariance ? m : d),
        columns(form == FmForm::covariance ? d : m),
        row_stride(form == FmForm::covariance ? d : 1),
        column_stride(form == FmForm::covariance ? 1 : d) {}
};

/// Column c of A^T (A Y), one element at a time: out[a*k + c] = or += sum_r A[r,a] sum_i A[r,i] Y[i*k + c].
template <class T>
KOKKOS_INLINE_FUNCTION void fm_column(const FmOperand& A, std::size_t k, const T* E, const T* Y, std::size_t c, T* out,
                                      bool add) {
  if (!add)
    for (std::size_t a = 0; a < A.columns; ++a) out[a * k + c] = T(0);
  for (std::size_t r = 0; r < A.rows; ++r) {
    const T* row = E + r * A.row_stride;
    T p = T(0);
    for (std::size_t i = 0; i < A.columns; ++i) p += row[i * A.column_stride] * Y[i * k + c];
    for (std::size_t a = 0; a < A.columns; ++a) out[a * k + c] += row[a * A.column_stride] * p;
  }
}

/// fm_attention_forward for execution spaces without register packs or stack arrays of run-time size: one work item a
/// column of G.
template <class T, class Exec>
void fm_attention_forward_scalar(const Exec& exec, FmForm form, std::size_t B, std::size_t m, std::size_t d,
                                 std::size_t k, const T* E, std::size_t ldE, const T* Y, std::size_t ldY, T* G,
                                 std::size_t ldG) {
  const FmOperand A(form, m, d);
  for_each(
      exec, B * k, KOKKOS_LAMBDA(const std::size_t i) {
        const std::size_t b = i / k, c = i % k;
        fm_column<T>(A, k, E + b * ldE, Y + b * ldY, c, G + b * ldG, false);
      });
}

/// fm_attention_backward likewise: one work item a row of A for dE, a column of Y for dY.
template <class T, class Exec>
void fm_attention_backward_scalar(const Exec& exec, FmForm form, std::size_t B, std::size_t m, std::size_t d,
                                  std::size_t k, const T* E, std::size_t ldE, const T* Y, std::size_t ldY, const T* dG,
                                  std::size_t lddG, T* dE, std::size_t lddE, T* dY, std::size_t lddY) {
  const FmOperand A(form, m, d);
  for_each(
      exec, B * A.rows, KOKKOS_LAMBDA(const std::size_t i) {
        const std::size_t b = i / A.rows, offset = i % A.rows * A.row_stride;
        const T *row = E + b * ldE + offset, *y = Y + b * ldY, *n = dG + b * lddG;
        T* out = dE + b * lddE + offset;
        for (std::size_t c = 0; c < k; ++c) {
          T p = T(0), dp = T(0);
          for (std::size_t a = 0; a < A.columns; ++a) {
            p += row[a * A.column_stride] * y[a * k + c];
            dp += row[a * A.column_stride] * n[a * k + c];
          }
          for (std::size_t a = 0; a < A.columns; ++a) out[a * A.column_stride] += p * n[a * k + c] + dp * y[a * k + c];
        }
      });
  if (ldY == 0) {
    for_each(
        exec, k, KOKKOS_LAMBDA(const std::size_t c) {
          for (std::size_t b = 0; b < B; ++b) fm_column<T>(A, k, E + b * ldE, dG + b * lddG, c, dY, true);
        });
  } else {
    for_each(
        exec, B * k, KOKKOS_LAMBDA(const std::size_t i) {
          const std::size_t b = i / k, c = i % k;
          fm_column<T>(A, k, E + b * ldE, dG + b * lddG, c, dY + b * lddY, false);
        });
  }
}

}  // namespace c2al::kernels
