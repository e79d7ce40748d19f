#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "core/kernels/execution.hpp"
#include "core/kernels/fixed_size.hpp"
#include "core/kernels/row.hpp"
#include "core/model/update_rule.hpp"

namespace c2al::kernels {

/// p -= rate m / (sqrt(v) * scale + eps) with the moments m, v of g. The bias corrections enter through `rate` and
/// `scale`: dense parameters follow Kingma and Ba (rate = lr/(1-b1^t), scale = 1/sqrt(1-b2^t)), embedding rows torch's
/// SparseAdam (rate = lr sqrt(1-b2^t)/(1-b1^t), scale = 1).
template <class T>
struct AdamStep {
  T rate, scale, beta1, beta2, rest1, rest2, epsilon;

  AdamStep(const UpdateRule& rule, bool rows)
      : beta1(static_cast<T>(rule.beta1)),
        beta2(static_cast<T>(rule.beta2)),
        rest1(static_cast<T>(1 - rule.beta1)),
        rest2(static_cast<T>(1 - rule.beta2)),
        epsilon(static_cast<T>(rule.epsilon)) {
    const double correction1 = 1 - std::pow(rule.beta1, static_cast<double>(rule.step));
    const double correction2 = std::sqrt(1 - std::pow(rule.beta2, static_cast<double>(rule.step)));
    rate = static_cast<T>(rows ? rule.embedding_learning_rate * correction2 / correction1
                               : rule.learning_rate / correction1);
    scale = static_cast<T>(rows ? 1 : 1 / correction2);
  }
  KOKKOS_INLINE_FUNCTION void operator()(T& p, T g, T& m, T& v) const {
    m = beta1 * m + rest1 * g;
    v = beta2 * v + rest2 * (g * g);
    p -= rate * m / (std::sqrt(v) * scale + epsilon);
  }
};

/// s += g^2, p -= rate g / (sqrt(s) + eps).
template <class T>
struct AdagradStep {
  T rate, epsilon;

  AdagradStep(const UpdateRule& rule, bool rows)
      : rate(static_cast<T>(rows ? rule.embedding_learning_rate : rule.learning_rate)),
        epsilon(static_cast<T>(rule.epsilon)) {}
  KOKKOS_INLINE_FUNCTION void operator()(T& p, T g, T& s) const {
    s += g * g;
    p -= rate * g / (std::sqrt(s) + epsilon);
  }
};

namespace optimizer_detail {

template <class T, class Exec>
void adam(const Exec& exec, const AdamStep<T>& step, std::size_t n, T* p, const T* g, T* m, T* v) {
  for_each(
      exec, n, KOKKOS_LAMBDA(const std::size_t i) { step(p[i], g[i], m[i], v[i]); });
}
template <class T, class Exec>
void adagrad(const Exec& exec, const AdagradStep<T>& step, std::size_t n, T* p, const T* g, T* s) {
  for_each(
      exec, n, KOKKOS_LAMBDA(const std::size_t i) { step(p[i], g[i], s[i]); });
}
template <class T, class Exec>
void sgd(const Exec& exec, T rate, std::size_t n, T* p, const T* g) {
  for_each(
      exec, n, KOKKOS_LAMBDA(const std::size_t i) { p[i] -= rate * g[i]; });
}

template <class T, class Exec, class Size>
void adam_rows(const Exec& exec, const AdamStep<T>& step, Size d, std::size_t distinct, const std::int32_t* rows,
               const T* g, T* table, T* m, T* v) {
  for_each(
      exec, distinct, KOKKOS_LAMBDA(const std::size_t i) {
        const std::size_t at = static_cast<std::size_t>(rows[i]) * d();
        Row<const T, Size> gradient(d, g + i * d());
        Row<T, Size> p(d, table + at), first(d, m + at), second(d, v + at);
        for (std::size_t a = 0; a < d(); ++a) step(p[a], gradient[a], first[a], second[a]);
        p.store();
        first.store();
        second.store();
      });
}
template <class T, class Exec, class Size>
void adagrad_rows(const Exec& exec, const AdagradStep<T>& step, Size d, std::size_t distinct, const std::int32_t* rows,
                  const T* g, T* table, T* s) {
  for_each(
      exec, distinct, KOKKOS_LAMBDA(const std::size_t i) {
        const std::size_t at = static_cast<std::size_t>(rows[i]) * d();
        Row<const T, Size> gradient(d, g + i * d());
        Row<T, Size> p(d, table + at), accumulator(d, s + at);
        for (std::size_t a = 0; a < d(); ++a) step(p[a], gradient[a], accumulator[a]);
        p.store();
        accumulator.store();
      });
}
template <class T, class Exec, class Size>
void row_wise_adagrad_rows(const Exec& exec, const AdagradStep<T>& step, Size d, std::size_t distinct,
                           const std::int32_t* rows, const T* g, T* table, T* s) {
  for_each(
      exec, distinct, KOKKOS_LAMBDA(const std::size_t i) {
        const std::size_t row = static_cast<std::size_t>(rows[i]);
        Row<const T, Size> gradient(d, g + i * d());
        Row<T, Size> p(d, table + row * d());
        T squares = T(0);
        for (std::size_t a = 0; a < d(); ++a) squares += gradient[a] * gradient[a];
        s[row] += squares / static_cast<T>(d());
        const T rate = step.rate / (std::sqrt(s[row]) + step.epsilon);
        for (std::size_t a = 0; a < d(); ++a) p[a] -= rate * gradient[a];
        p.store();
      });
}
template <class T, class Exec, class Size>
void sgd_rows(const Exec& exec, T rate, Size d, std::size_t distinct, const std::int32_t* rows, const T* g, T* table) {
  for_each(
      exec, distinct, KOKKOS_LAMBDA(const std::size_t i) {
        Row<const T, Size> gradient(d, g + i * d());
        Row<T, Size> p(d, table + static_cast<std::size_t>(rows[i]) * d());
        for (std::size_t a = 0; a < d(); ++a) p[a] -= rate * gradient[a];
        p.store();
      });
}

}  // namespace optimizer_detail

/// One step of n dense parameters p with gradient g; all (n). m: Adam's first moment; v: Adam's second moment or
/// Adagrad's accumulator; each null where the rule does not use it. Row-wise Adagrad treats dense parameters as
/// Adagrad.
template <class T, class Exec>
void dense_update(const Exec& exec, const UpdateRule& rule, std::size_t n, T* p, const T* g, T* m, T* v) {
  using namespace optimizer_detail;
  switch (rule.kind) {
    case OptimizerKind::adam:
      return adam(exec, AdamStep<T>(rule, false), n, p, g, m, v);
    case OptimizerKind::adagrad:
    case OptimizerKind::row_wise_adagrad:
      return adagrad(exec, AdagradStep<T>(rule, false), n, p, g, v);
    case OptimizerKind::sgd:
      return sgd(exec, static_cast<T>(rule.learning_rate), n, p, g);
  }
}

/// One step of the rows rows[0 .. distinct-1], all different, of a table (V, d); g (distinct, d) holds their gradients.
/// Rows not named keep their values and moments. m and v are as in dense_update, (V, d); for row-wise Adagrad v is (V)
/// and grows by the mean of g^2 over the row.
template <class T, class Exec>
void row_update(const Exec& exec, const UpdateRule& rule, std::size_t distinct, std::size_t d, const std::int32_t* rows,
                const T* g, T* table, T* m, T* v) {
  using namespace optimizer_detail;
  with_fixed_size(d, [&](auto size) {
    switch (rule.kind) {
      case OptimizerKind::adam:
        return adam_rows(exec, AdamStep<T>(rule, true), size, distinct, rows, g, table, m, v);
      case OptimizerKind::adagrad:
        return adagrad_rows(exec, AdagradStep<T>(rule, true), size, distinct, rows, g, table, v);
      case OptimizerKind::row_wise_adagrad:
        return row_wise_adagrad_rows(exec, AdagradStep<T>(rule, true), size, distinct, rows, g, table, v);
      case OptimizerKind::sgd:
        return sgd_rows(exec, static_cast<T>(rule.embedding_learning_rate), size, distinct, rows, g, table);
    }
  });
}

}  // namespace c2al::kernels
