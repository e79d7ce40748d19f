#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <iterator>

#include "build_info.hpp"
#include "core/kernels/gemm_library.hpp"
#include "results/store_groups.hpp"
#include "version.hpp"

namespace c2al::store {

namespace {

std::string cpu_model() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);)
    if (line.rfind("model name", 0) == 0) {
      const std::size_t start = line.find_first_not_of(" \t:", line.find(':'));
      if (start != std::string::npos) return line.substr(start);
    }
  return "unknown";
}

std::string operating_system() {
  utsname name{};
  if (uname(&name) != 0) return "unknown";
  return fmt::format("{} {} {}", name.sysname, name.release, name.machine);
}

std::string command_line() {
  std::ifstream in("/proc/self/cmdline", std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  while (!text.empty() && text.back() == '\0') text.pop_back();
  std::replace(text.begin(), text.end(), '\0', ' ');
  return text;
}

std::string hdf5_version() {
  unsigned major = 0, minor = 0, release = 0;
  if (H5get_libversion(&major, &minor, &release) < 0) return "unknown";
  return fmt::format("{}.{}.{}", major, minor, release);
}

}  // namespace

void write_provenance(const hdf5::Group& root) {
  const hdf5::Group group = root.create("provenance");
  group.set("git_hash", git_hash);
  group.set("compiler", build_compiler);
  group.set("build_type", build_type);
  group.set("instruction_set", build_march);
  group.set("kokkos_version", build_kokkos_version);
  group.set("kokkos_devices", build_kokkos_devices);
  group.set("gemm_library", kernels::gemm_library());
  group.set("hdf5_version", hdf5_version());
  group.set("cpu", cpu_model());
  group.set("operating_system", operating_system());
  group.set("date", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))));
  group.set("command_line", command_line());
}

}  // namespace c2al::store
