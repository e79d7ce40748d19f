# Finds every library the project uses and repairs what Debian's Kokkos package gets wrong.

# Kokkos exports its own -std flag; extensions off keeps it at -std=c++20.
set(CMAKE_CXX_EXTENSIONS OFF)
find_package(Kokkos 3.4 REQUIRED)

# Debian's target names an include directory that does not exist; a target that is in order is left alone.
get_target_property(kokkos_includes Kokkos::kokkos INTERFACE_INCLUDE_DIRECTORIES)
if(kokkos_includes AND NOT kokkos_includes MATCHES "[$;]" AND NOT IS_DIRECTORY "${kokkos_includes}")
  find_path(C2AL_KOKKOS_INCLUDE Kokkos_Core.hpp HINTS ${Kokkos_INCLUDE_DIRS} PATH_SUFFIXES trilinos REQUIRED)
  set_target_properties(Kokkos::kokkos PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${C2AL_KOKKOS_INCLUDE}")
endif()

# A Kokkos with CUDA trains on the device, with cuBLAS behind the gemm seam (its 64-bit functions came with CUDA 12).
set(C2AL_USE_CUBLAS OFF)
if("CUDA" IN_LIST Kokkos_DEVICES)
  find_package(CUDAToolkit 12.0 REQUIRED)
  set(C2AL_USE_CUBLAS ON)
endif()

find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(fmt 9 REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(cxxopts REQUIRED)
find_package(toml11 REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(HDF5 1.10 REQUIRED COMPONENTS C)
find_package(ZLIB REQUIRED)
find_path(C2AL_ZSTD_INCLUDE zstd.h REQUIRED)
find_library(C2AL_ZSTD_LIBRARY zstd REQUIRED)
find_package(Threads REQUIRED)
find_path(C2AL_RANDOM123_INCLUDE Random123/philox.h REQUIRED)

set(C2AL_GEMM "auto" CACHE STRING "GEMM library on the host: auto (oneDNN when found, else Eigen), onednn, eigen")
set_property(CACHE C2AL_GEMM PROPERTY STRINGS auto onednn eigen)
if(NOT C2AL_GEMM MATCHES "^(auto|onednn|eigen)$")
  message(FATAL_ERROR "C2AL_GEMM is '${C2AL_GEMM}': expected auto, onednn or eigen")
endif()
set(C2AL_USE_ONEDNN OFF)
if(NOT C2AL_GEMM STREQUAL "eigen")
  # Debian's package configuration asks for OpenCL development files that the CPU library does not need, so the
  # library is looked up directly.
  find_path(C2AL_DNNL_INCLUDE dnnl.h)
  find_library(C2AL_DNNL_LIBRARY dnnl)
  if(C2AL_DNNL_INCLUDE AND C2AL_DNNL_LIBRARY)
    file(STRINGS ${C2AL_DNNL_INCLUDE}/oneapi/dnnl/dnnl_version.h dnnl_version_lines
         REGEX "define DNNL_VERSION_(MAJOR|MINOR|PATCH) ")
    string(REGEX MATCHALL "[0-9]+" dnnl_version_numbers "${dnnl_version_lines}")
    list(JOIN dnnl_version_numbers "." dnnl_VERSION)
    # oneDNN's own threads are set to one: chunks are the unit of parallelism here.
    find_package(OpenMP REQUIRED COMPONENTS CXX)
    set(C2AL_USE_ONEDNN ON)
  elseif(C2AL_GEMM STREQUAL "onednn")
    message(FATAL_ERROR "C2AL_GEMM is 'onednn', but oneDNN was not found (Debian: libdnnl-dev)")
  endif()
endif()
