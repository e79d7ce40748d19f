#pragma once

namespace c2al::kernels {

/// Prepares the host's library: checks the environment variable C2AL_GEMM ("auto", "onednn" or "eigen"; "eigen" forces
/// Eigen where oneDNN is built in) and sets Eigen's cache sizes, which decide its order of summation, to constants.
/// Further calls do nothing; gemm calls it by itself. Throws UsageError for another value of C2AL_GEMM, or for "onednn"
/// where it is not built in. A device's products are its own library's, whatever the variable says.
void gemm_initialise();

/// Name and version of the library behind gemm<float> on the host, as provenance. gemm<double> is always Eigen there.
const char* gemm_host_library();
/// The same for Kokkos' default execution space.
const char* gemm_library();

}  // namespace c2al::kernels
