#include "scenarios/tables/byte_stream.hpp"

#include <gmock/gmock.h>

#include "core/data/random_stream.hpp"
#include "core/error.hpp"
#include "tests/scenarios/tables/packing.hpp"
#include "tests/scenarios/temporary_directory.hpp"

namespace c2al {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

std::string read_all(const std::filesystem::path& file, std::size_t size = 1 << 16) {
  const auto bytes = open_bytes(file);
  std::string text, block(size, '\0');
  while (const std::size_t count = bytes->read(block.data(), block.size())) text.append(block, 0, count);
  return text;
}

/// Digits that do not pack well, so that archives have several blocks.
std::string long_text() {
  RandomStream random(1, StreamPurpose::probe);
  std::string text;
  while (text.size() < 700'000) text += std::to_string(random.bits32()) + '\n';
  return text;
}

/// What reading a file says, and how many bytes came before.
struct Failure {
  std::size_t bytes = 0;
  std::string message;
};

Failure failure_of(const std::filesystem::path& file) {
  Failure failure;
  try {
    const auto bytes = open_bytes(file);
    std::string block(1000, '\0');
    while (const std::size_t count = bytes->read(block.data(), block.size())) failure.bytes += count;
  } catch (const RunError& error) {
    failure.message = error.what();
  }
  return failure;
}

class ByteStreamTest : public TemporaryDirectory {};

TEST_F(ByteStreamTest, GivesTheBytesOfEveryPacking) {
  const std::string text = long_text();
  for (const std::size_t size : {std::size_t{1 << 16}, std::size_t{999}, std::size_t{1}}) {
    EXPECT_EQ(read_all(write("plain", text), size), text);
    EXPECT_EQ(read_all(write("packed.gz", gzip(text)), size), text);
    EXPECT_EQ(read_all(write("packed.zst", zstd(text)), size), text);
  }
  EXPECT_EQ(read_all(write("short", "a")), "a");
}

TEST_F(ByteStreamTest, GoesByTheFirstBytesNotTheName) {
  EXPECT_EQ(read_all(write("misnamed.txt", gzip("a\n"))), "a\n");
  EXPECT_EQ(read_all(write("misnamed.gz", "a\n")), "a\n");
}

TEST_F(ByteStreamTest, ReadsArchivesOfSeveralParts) {
  const std::string text = long_text();
  EXPECT_EQ(read_all(write("a.gz", gzip("first\n") + gzip("") + gzip(text))), "first\n" + text);
  EXPECT_EQ(read_all(write("tape.gz", gzip(text) + std::string(200'000, '\0'))), text);
  EXPECT_EQ(read_all(write("a.zst", zstd("first\n") + zstd("") + zstd(text))), "first\n" + text);
  const std::string skippable("\x50\x2a\x4d\x18\x03\0\0\0abc", 11);
  EXPECT_EQ(read_all(write("b.zst", skippable + zstd(text) + skippable)), text);
}

TEST_F(ByteStreamTest, RefusesWhatIsNoFileWithText) {
  const auto expect = [&](const std::filesystem::path& file, const std::string& what) {
    EXPECT_EQ(failure_of(file).message, file.string() + ": " + what);
  };
  expect(directory_ / "absent", "there is no such file");
  expect(directory_, "is a directory, expected a file");
  expect(write("empty", ""), "is empty");
  expect(write("empty.gz", gzip("")), "is empty: the gzip archive unpacks to nothing");
  expect(write("empty.zst", zstd("")), "is empty: the zstd archive unpacks to nothing");
  expect(write("a.zip", "PK\3\4 ..."), "is a zip archive: expected text, plain or packed by gzip or zstd");
  expect(write("a.bz2", "BZh91AY&SY ..."), "is a bzip2 archive: expected text, plain or packed by gzip or zstd");
}

TEST_F(ByteStreamTest, ATruncatedArchiveSaysHowFarItCame) {
  const std::string text = long_text();
  for (const auto& [name, packed] : {std::pair<std::string, std::string>{"gzip", gzip(text)}, {"zstd", zstd(text)}}) {
    for (const std::size_t left : {packed.size() / 2, packed.size() - 1, std::size_t{5}}) {
      const auto file = write("cut." + name, packed.substr(0, left));
      const Failure failure = failure_of(file);
      EXPECT_EQ(failure.message, file.string() + ": the " + name + " archive ends too early: it is truncated, after " +
                                     std::to_string(failure.bytes) + " unpacked bytes");
      EXPECT_GE(failure.bytes, left > packed.size() / 3 ? text.size() / 4 : 0);
    }
    // A second part that is cut, even within its magic number.
    EXPECT_THAT(failure_of(write("cut", packed + packed.substr(0, 1))).message, HasSubstr("ends too early"));
  }
}

TEST_F(ByteStreamTest, ADamagedArchiveSaysHowFarItCame) {
  const std::string text = long_text();
  for (const auto& [name, whole] : {std::pair<std::string, std::string>{"gzip", gzip(text)}, {"zstd", zstd(text)}}) {
    std::string packed = whole;
    for (std::size_t i = 0; i < 64; ++i) packed[packed.size() / 2 + i] = '\xff';
    const auto file = write("damaged." + name, packed);
    const Failure failure = failure_of(file);
    EXPECT_THAT(failure.message, HasSubstr(file.string() + ": the " + name + " archive is damaged ("));
    EXPECT_THAT(failure.message, HasSubstr("), after " + std::to_string(failure.bytes) + " unpacked bytes"));

    std::string wrong_sum = whole;
    wrong_sum[wrong_sum.size() - (name == "gzip" ? 8 : 4)] ^= 1;
    EXPECT_THAT(failure_of(write("sum", wrong_sum)).message, HasSubstr("archive is damaged ("));
  }
}

TEST_F(ByteStreamTest, BytesBehindAnArchiveAreAnError) {
  EXPECT_EQ(failure_of(write("a.gz", gzip("abc") + "more")).message,
            (directory_ / "a.gz").string() + ": the gzip archive is followed by other bytes, after 3 unpacked bytes");
  EXPECT_THAT(failure_of(write("b.gz", gzip("abc") + std::string(9, '\0') + gzip("abc"))).message,
              HasSubstr("is followed by other bytes"));
  EXPECT_THAT(failure_of(write("a.zst", zstd("abc") + "more")).message, HasSubstr("archive is damaged"));
}

TEST_F(ByteStreamTest, FingerprintIsOfTheBytesOnDisk) {
  // The check value of CRC-32: https://reveng.sourceforge.io/crc-catalogue, "CRC-32/ISO-HDLC".
  EXPECT_EQ(file_fingerprint(write("digits", "123456789")), "crc32 cbf43926, 9 bytes");
  EXPECT_EQ(file_fingerprint(write("empty", "")), "crc32 00000000, 0 bytes");
  const std::string packed = gzip("123456789");
  EXPECT_THAT(file_fingerprint(write("packed", packed)), HasSubstr(", " + std::to_string(packed.size()) + " bytes"));
  EXPECT_THAT([&] { file_fingerprint(directory_ / "absent"); },
              ThrowsMessage<RunError>(HasSubstr("absent: there is no such file")));
}

}  // namespace
}  // namespace c2al
