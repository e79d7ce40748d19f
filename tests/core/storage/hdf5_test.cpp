#include "core/storage/hdf5.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cmath>
#include <csignal>
#include <limits>

#include "core/error.hpp"
#include "results/suite_directory.hpp"
#include "tests/scenarios/temporary_directory.hpp"

namespace c2al::hdf5 {
namespace {

using Hdf5 = TemporaryDirectory;

TEST_F(Hdf5, NumbersOfEveryKindAndSizeComeBack) {
  std::vector<double> large(300'000);
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = std::sqrt(static_cast<double>(i));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  write_file(directory_ / "a.h5", [&](const Group& root) {
    root.write("large", large, "x", "m");
    root.write<double>("matrix", std::vector<double>{1, 2, nan, 4, 5, 6}, {2, 3}, {"1", {"row", "column"}});
    root.write("empty", std::vector<float>{}, "x");
    root.write<float>("no_rows", std::vector<float>{}, {0, 3}, {"1", {"row", "column"}});
    root.write_scalar("ids", std::numeric_limits<std::uint64_t>::max());
    root.write("small", std::vector<std::int32_t>{-1, 2}, "x");
  });
  const Group root = open_file(directory_ / "a.h5");
  EXPECT_EQ(root.read<double>("large"), large);
  EXPECT_EQ(root.shape("matrix"), (Shape{2, 3}));
  EXPECT_TRUE(std::isnan(root.read<double>("matrix")[2]));
  EXPECT_EQ(root.read<double>("matrix")[5], 6);
  EXPECT_TRUE(root.read<float>("empty").empty());
  EXPECT_EQ(root.shape("no_rows"), (Shape{0, 3}));
  EXPECT_EQ(root.read_scalar<std::uint64_t>("ids"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(root.read<std::int64_t>("small"), (std::vector<std::int64_t>{-1, 2}));
}

TEST_F(Hdf5, TextAndAttributesComeBack) {
  const std::vector<std::string> texts = {"", "caf\u00e9", "long text with spaces"};
  const std::string book(100'000, 'x');
  write_file(directory_ / "a.h5", [&](const Group& root) {
    const Group group = root.create("some/group");
    group.write_texts("texts", texts, "line");
    group.write_texts("none", {}, "line");
    group.write_text("empty", "");
    group.write_text("book", book);
    group.set("text", "\u00b5s");
    group.set("integer", std::int64_t{-5});
    group.set("natural", std::numeric_limits<std::uint64_t>::max());
    group.set("real", 0.1);
  });
  const Group group = open_file(directory_ / "a.h5").open("some/group");
  EXPECT_EQ(group.read_texts("texts"), texts);
  EXPECT_TRUE(group.read_texts("none").empty());
  EXPECT_EQ(group.read_text("empty"), "");
  EXPECT_EQ(group.read_text("book"), book);
  EXPECT_EQ(group.text("text"), "\u00b5s");
  EXPECT_EQ(group.integer("integer"), -5);
  EXPECT_EQ(group.natural("natural"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(group.real("real"), 0.1);
  EXPECT_EQ(group.members(), (std::vector<std::string>{"book", "empty", "none", "texts"}));
  EXPECT_TRUE(group.has_attribute("real"));
  EXPECT_FALSE(group.has_attribute("unreal"));
}

TEST_F(Hdf5, EqualContentsMakeEqualFiles) {
  const auto fill = [](const Group& root) { root.create("g").write("x", std::vector<double>(5000, 0.5), "x"); };
  const auto bytes = [&](const char* name) {
    std::ifstream in(directory_ / name, std::ios::binary);
    return std::string((std::istreambuf_iterator<char>(in)), {});
  };
  write_file(directory_ / "a.h5", fill);
  write_file(directory_ / "b.h5", fill);
  EXPECT_GT(bytes("a.h5").size(), 100u);
  EXPECT_EQ(bytes("a.h5"), bytes("b.h5"));
}

TEST_F(Hdf5, ErrorsNameFileAndPath) {
  write_file(directory_ / "a.h5", [](const Group& root) {
    const Group group = root.create("g");
    group.write("x", std::vector<double>{1, 2}, "x");
    group.write_text("t", "text");
  });
  const Group group = open_file(directory_ / "a.h5").open("g");
  const auto message = [&](const auto& call) -> std::string {
    try {
      call();
    } catch (const RunError& error) {
      return error.what();
    }
    return "no RunError";
  };
  const std::string place = (directory_ / "a.h5").string() + ": /g/";
  EXPECT_EQ(message([&] { group.read<double>("absent"); }).rfind(place + "absent: there is no such dataset", 0), 0u);
  EXPECT_EQ(message([&] { group.read<double>("t"); }).rfind(place + "t: holds no numbers", 0), 0u);
  EXPECT_EQ(message([&] { group.read_texts("x"); }).rfind(place + "x: holds no text", 0), 0u);
  EXPECT_EQ(message([&] { group.read<double>("x", 3); }).rfind(place + "x: holds 2 values, expected 3", 0), 0u);
  EXPECT_EQ(message([&] { group.real("absent"); }).rfind(place + "@absent: there is no such number", 0), 0u);
  EXPECT_EQ(message([&] { group.text("absent"); }).rfind(place + "@absent: there is no such text attribute", 0), 0u);
  EXPECT_EQ(message([&] { group.open("absent"); }).rfind(place + "absent: there is no such group", 0), 0u);
}

TEST_F(Hdf5, AFillThatThrowsLeavesNothing) {
  EXPECT_THROW(write_file(directory_ / "a.h5", [](const Group&) { throw RunError("stop"); }), RunError);
  EXPECT_TRUE(std::filesystem::is_empty(directory_));
}

/// Lets no file grow beyond a size while it lives: writing further fails, as on a full disk, whoever runs the test.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(std::uintmax_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

TEST_F(Hdf5, AFullDiskIsAnErrorAndLeavesNothing) {
  // Noise does not deflate, so that the limits below stop the file at its head, in its chunks and at its very end.
  std::vector<std::uint8_t> noise(300'000);
  std::uint32_t state = 1;
  for (std::uint8_t& value : noise) value = static_cast<std::uint8_t>((state = 1664525 * state + 1013904223) >> 24);
  const auto fill = [&](const Group& root) {
    root.write("noise", noise, "x");
    root.create("group").write("more", std::vector<double>(1000, 0.5), "x");
  };
  write_file(directory_ / "a.h5", fill);
  const std::uintmax_t size = std::filesystem::file_size(directory_ / "a.h5");
  ASSERT_GT(size, 250'000u);
  std::filesystem::remove(directory_ / "a.h5");
  for (const std::uintmax_t limit : {std::uintmax_t{0}, std::uintmax_t{100}, size / 2, size - 100, size - 1}) {
    const FileSizeLimit full(limit);
    EXPECT_THROW(write_file(directory_ / "a.h5", fill), RunError) << limit << " of " << size << " bytes";
    EXPECT_TRUE(std::filesystem::is_empty(directory_)) << limit << " of " << size << " bytes";
  }
  const FileSizeLimit just_enough(size);
  EXPECT_NO_THROW(write_file(directory_ / "a.h5", fill));
}

TEST_F(Hdf5, OnlyARegularFileIsReplaced) {
  const auto message = [](const std::filesystem::path& file) -> std::string {
    try {
      write_file(file, [](const Group&) {});
    } catch (const RunError& error) {
      return error.what();
    }
    return "no RunError";
  };
  // A named pipe stands for /dev/full and its like, which a test run by root would put at risk.
  ASSERT_EQ(mkfifo((directory_ / "pipe").c_str(), 0600), 0);
  std::filesystem::create_symlink("pipe", directory_ / "link");
  std::filesystem::create_directory(directory_ / "folder");
  EXPECT_NE(message(directory_ / "pipe").find("is a device, pipe or socket"), std::string::npos);
  EXPECT_NE(message(directory_ / "link").find("is a device, pipe or socket"), std::string::npos);
  EXPECT_NE(message(directory_ / "folder").find("is a directory"), std::string::npos);
  EXPECT_THROW(write_text_file(directory_ / "pipe", "text"), RunError);
  EXPECT_TRUE(std::filesystem::is_fifo(directory_ / "pipe"));
  EXPECT_TRUE(std::filesystem::is_symlink(directory_ / "link"));
  write("plain", "old");
  write_text_file(directory_ / "plain", "newer");
  EXPECT_EQ(std::filesystem::file_size(directory_ / "plain"), 5u);
}

}  // namespace
}  // namespace c2al::hdf5
