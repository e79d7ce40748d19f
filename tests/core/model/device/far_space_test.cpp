#include "tests/core/model/device/far_space.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <stdexcept>
#include <vector>

#include "core/kernels/embedding.hpp"
#include "core/kernels/flat.hpp"
#include "core/kernels/gram.hpp"
#include "core/kernels/reference.hpp"

namespace c2al::kernels {
namespace {

TEST(FarSpace, KernelsAndCopiesReachItsMemory) {
  Buffer<double, FarSpace> numbers("numbers");
  numbers.grow(100);
  std::vector<double> values(100), found(100);
  std::iota(values.begin(), values.end(), 1);
  copy_from_host(FarSpace{}, 100, values.data(), numbers.data());
  scale(FarSpace{}, 100, 2.0, numbers.data());
  copy_to_host(FarSpace{}, 100, numbers.data(), found.data());
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(found[i], 2 * values[i]);
}

TEST(FarSpace, AKernelThatHoldsAHostAddressIsFound) {
  std::vector<float> host(100);
  EXPECT_THROW(scale(FarSpace{}, 100, 2.f, host.data()), std::logic_error);
  EXPECT_THROW(
      gemm(FarSpace{}, Op::none, Op::none, 5, 5, 4, 1.f, host.data(), 4, host.data(), 5, 0.f, host.data() + 50, 5),
      std::logic_error);
}

TEST(FarSpaceDeathTest, TheHostCannotReadItsMemory) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Buffer<double, FarSpace> numbers("numbers");
  numbers.grow(100);
  EXPECT_DEATH(EXPECT_EQ(numbers.data()[3], 0), "");
}

TEST(FarSpace, RowGradientsAreThoseOfThePlainLoop) {
  constexpr std::size_t B = 40, fields = 3, d = 5, rows_of_table = 11, ldx = fields * d + 2;
  std::vector<std::int32_t> rows(B * fields);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<std::int32_t>(i * 2654435761u % rows_of_table);
  std::vector<double> dx(B * ldx);
  for (std::size_t i = 0; i < dx.size(); ++i) dx[i] = static_cast<double>(i * 2654435761u % 1000) - 500;
  DistinctRows distinct;
  distinct.build(rows.data(), rows.size(), rows_of_table);
  Buffer<std::int32_t, FarSpace> far_rows("rows");
  Buffer<std::uint32_t, FarSpace> start("start"), occurrence("occurrence");
  Buffer<double, FarSpace> far_dx("dx"), g("g");
  const auto send = [](const auto* from, std::size_t n, auto& to) {
    to.grow(n);
    copy_from_host(FarSpace{}, n, from, to.data());
    return to.data();
  };
  g.grow(distinct.size() * d);
  sum_rows<double>(FarSpace{},
                   RowOccurrences{distinct.size(), send(distinct.rows(), distinct.size(), far_rows),
                                  send(distinct.start(), distinct.size() + 1, start),
                                  send(distinct.occurrence(), rows.size(), occurrence)},
                   fields, d, send(dx.data(), dx.size(), far_dx), ldx, g.data());
  const HostCopy<double, FarSpace> found(g.data(), distinct.size() * d);
  const auto whole = reference::table_gradient(B, fields, d, rows.data(), rows_of_table, dx.data(), ldx);
  for (std::size_t i = 0; i < distinct.size(); ++i)
    for (std::size_t a = 0; a < d; ++a)  // sums of whole numbers: exact
      EXPECT_EQ(found[i * d + a], whole[static_cast<std::size_t>(distinct.rows()[i]) * d + a]) << i << ", " << a;
}

TEST(FarSpace, GramMatricesAreThoseOfTheHost) {
  constexpr std::size_t n = 3;
  for (const std::size_t count : {std::size_t{1}, std::size_t{37}, gram_device_parts, std::size_t{50'000}}) {
    const std::size_t stride = count + 5;
    std::vector<float> vectors(n * stride);
    for (std::size_t i = 0; i < vectors.size(); ++i) vectors[i] = static_cast<float>(i * 2654435761u % 1000) - 500;
    Buffer<float, FarSpace> far("vectors");
    Buffer<double, FarSpace> partial("partial");
    const std::size_t parts = gram_parts<FarSpace>(count);
    far.grow(vectors.size());
    partial.grow(parts * n * n);
    copy_from_host(FarSpace{}, vectors.size(), vectors.data(), far.data());
    partial_gram(FarSpace{}, n, count, static_cast<const float*>(far.data()), stride, partial.data());
    const HostCopy<double, FarSpace> found(partial.data(), parts * n * n);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        double expected = 0, sum = 0;  // sums of whole numbers: exact
        for (std::size_t e = 0; e < count; ++e) expected += vectors[i * stride + e] * vectors[j * stride + e];
        for (std::size_t part = 0; part < parts; ++part) sum += found[(part * n + i) * n + j];
        EXPECT_EQ(sum, expected) << count << ": " << i << ", " << j;
      }
  }
}

}  // namespace
}  // namespace c2al::kernels
