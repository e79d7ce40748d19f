// c2al_make_criteo_like ROWS FILE [--seed SEED]: a file in the layout of Criteo's train.txt; FILE may be /dev/stdout.
#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <string>
#include <string_view>

#include "bench/criteo_like/criteo_rows.hpp"

namespace {

bool read_number(std::string_view text, std::uint64_t& value) {
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && stop == text.data() + text.size();
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t rows = 0, seed = 1;
  const bool has_seed = argc == 5 && std::string_view(argv[3]) == "--seed" && read_number(argv[4], seed);
  if (!(argc == 3 || has_seed) || !read_number(argv[1], rows)) {
    fmt::print(stderr, "usage: c2al_make_criteo_like ROWS FILE [--seed SEED]\n");
    return 2;
  }
  std::FILE* file = std::fopen(argv[2], "wb");
  bool written = file != nullptr;
  if (written) std::setvbuf(file, nullptr, _IONBF, 0);
  const c2al::CriteoRows source(seed);
  std::string text;
  for (std::uint64_t row = 0; row < rows && written; ++row) {
    source.append(row, text);
    if (text.size() < 1 << 20 && row + 1 < rows) continue;
    written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
    text.clear();
  }
  if (file != nullptr) written = std::fclose(file) == 0 && written;
  if (!written) {
    fmt::print(stderr, "{}: cannot be written\n", argv[2]);
    return 1;
  }
}
