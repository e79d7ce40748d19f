#include <gmock/gmock.h>
#include <zlib.h>

#include "core/error.hpp"
#include "scenarios/datasets/delimited_row.hpp"
#include "scenarios/datasets/gzip_lines.hpp"
#include "tests/scenarios/temporary_directory.hpp"

namespace c2al {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class GzipLinesTest : public TemporaryDirectory {
 protected:
  std::filesystem::path pack(const std::string& text) const {
    const auto file = directory_ / "lines.gz";
    gzFile stream = gzopen(file.c_str(), "wb");
    gzwrite(stream, text.data(), static_cast<unsigned>(text.size()));
    gzclose(stream);
    return file;
  }
  static std::vector<std::string> read(const std::filesystem::path& file) {
    GzipLines lines(file);
    std::vector<std::string> all;
    for (std::string line; lines.next(line);) all.push_back(line);
    EXPECT_EQ(lines.line_number(), all.size());
    return all;
  }
  /// Lines that do not compress to nothing, more than one buffer long.
  static std::string long_text() {
    std::string text;
    for (unsigned i = 0; i < 40000; ++i) text += std::to_string(i * 2654435761u) + "\n";
    return text;
  }
};

TEST_F(GzipLinesTest, GivesLinesWithoutTheirEnds) {
  EXPECT_EQ(read(pack("a\n\nb\r\nlast")), (std::vector<std::string>{"a", "", "b", "last"}));
  EXPECT_EQ(read(pack("a\n")), (std::vector<std::string>{"a"}));
  EXPECT_TRUE(read(pack("")).empty());
}

TEST_F(GzipLinesTest, JoinsLinesAcrossBuffers) {
  const auto lines = read(pack(long_text()));
  ASSERT_EQ(lines.size(), 40000u);
  EXPECT_EQ(lines[1], "2654435761");
  EXPECT_EQ(lines[39999], std::to_string(39999u * 2654435761u));
}

TEST_F(GzipLinesTest, ATruncatedFileIsAnErrorThatSaysHowFar) {
  const auto file = pack(long_text());
  const auto whole = std::filesystem::file_size(file);
  for (const std::uintmax_t size : {whole - 1, whole - 9, whole / 2, std::uintmax_t{12}}) {
    std::filesystem::resize_file(file, size);
    EXPECT_THAT([&] { read(file); },
                ThrowsMessage<RunError>(AllOf(HasSubstr("lines.gz: the gzip stream ends too early, after "),
                                              HasSubstr("complete lines: the file is truncated"))))
        << size;
  }
}

TEST_F(GzipLinesTest, ADamagedFileIsAnError) {
  const auto file = pack(long_text());
  const auto middle = static_cast<std::streamoff>(std::filesystem::file_size(file) / 2);
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekp(middle);
  stream << std::string(64, '\xff');
  stream.close();
  EXPECT_THAT([&] { read(file); }, ThrowsMessage<RunError>(HasSubstr("lines.gz: the gzip stream is damaged after")));
}

TEST_F(GzipLinesTest, OtherFilesAreRefused) {
  EXPECT_THAT([&] { read(write("plain.gz", "a\nb\n")); },
              ThrowsMessage<RunError>(HasSubstr("plain.gz: is not a gzip file")));
  EXPECT_THAT([&] { read(write("empty.gz", "")); }, ThrowsMessage<RunError>(HasSubstr("is empty")));
  EXPECT_THAT([&] { read(directory_ / "none.gz"); }, ThrowsMessage<RunError>(HasSubstr("none.gz: cannot be read")));
}

TEST_F(GzipLinesTest, FingerprintIsTheWellKnownCrc) {
  // The check value of CRC-32.
  EXPECT_EQ(file_fingerprint(write("digits", "123456789")), "crc32 cbf43926, 9 bytes");
}

class DelimitedRowTest : public ::testing::Test {
 protected:
  const std::string file_ = "rows.csv";
  const std::vector<std::string> names_ = {"age", "job", "pay"};
  DelimitedRow row_{file_, names_};
};

TEST_F(DelimitedRowTest, SplitsAndTrims) {
  row_.split("38, Self-employed (own & other) , -1.5e2", ',', 1);
  EXPECT_EQ(row_.number(0), 38);
  EXPECT_EQ(row_.text(1), "Self-employed (own & other)");
  EXPECT_EQ(row_.number(2), -150);
  row_.split(",,", ',', 2);
  EXPECT_EQ(row_.text(1), "");
}

TEST_F(DelimitedRowTest, TheNumberOfColumnsMustBeRight) {
  EXPECT_THAT([&] { row_.split("1, a", ',', 7); }, ThrowsMessage<RunError>("rows.csv:7: found 2 columns, expected 3"));
  EXPECT_THAT([&] { row_.split("1, a, 2, 3", ',', 8); },
              ThrowsMessage<RunError>("rows.csv:8: found 4 columns, expected 3"));
  EXPECT_THAT([&] { row_.split("", ',', 9); }, ThrowsMessage<RunError>("rows.csv:9: found 1 columns, expected 3"));
}

TEST_F(DelimitedRowTest, NumbersMustBeFiniteNumbers) {
  for (const std::string bad : {"", "x", "1x", "nan", "inf", "-inf", "1e999", "1 2"}) {
    const std::string line = "1, a, " + bad;
    row_.split(line, ',', 5);
    EXPECT_THAT([&] { row_.number(2); },
                ThrowsMessage<RunError>("rows.csv:5: column 2 (pay) is '" + bad + "': expected a finite number"));
  }
}

}  // namespace
}  // namespace c2al
