# Keeps this build's objects (ccache, where it is installed), for a build of the same sources elsewhere to take up: that
# of tests/recipe. In the build folder, since -march=native means something else on another machine.

find_program(C2AL_CCACHE ccache)
set(C2AL_OBJECT_CACHE "${CMAKE_BINARY_DIR}/objects" CACHE PATH "Folder of ccache for this build's objects")
# A Kokkos with CUDA has a launcher of its own.
if(C2AL_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER AND NOT C2AL_USE_CUBLAS)
  # Paths count from the source folder, and dependencies are the compiler's own list, so that a miss costs nothing.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_DIR=${C2AL_OBJECT_CACHE}
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 CCACHE_DEPEND=1 CCACHE_COMPILERCHECK=content
      CCACHE_MAXSIZE=1G ${C2AL_CCACHE})
endif()
