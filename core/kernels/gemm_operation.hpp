#pragma once

namespace c2al::kernels {

/// What a matrix product does with an operand.
enum class Op { none, transpose };

}  // namespace c2al::kernels
