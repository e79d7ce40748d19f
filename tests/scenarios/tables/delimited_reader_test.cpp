#include "scenarios/tables/delimited_reader.hpp"

#include <gmock/gmock.h>

#include "core/error.hpp"
#include "tests/scenarios/tables/memory_bytes.hpp"
#include "tests/scenarios/tables/packing.hpp"
#include "tests/scenarios/temporary_directory.hpp"

namespace c2al {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;

using Fields = std::vector<std::string>;

struct ReadRow {
  std::uint64_t line;
  Fields fields;
  std::string problem;  ///< without the file's name
};

DelimitedFormat no_header(const std::string& delimiter = ",", char quote = '\0') {
  DelimitedFormat format;
  format.delimiter = delimiter;
  format.quote = quote;
  format.header = false;
  return format;
}

std::vector<ReadRow> read_rows(DelimitedReader& reader) {
  std::vector<ReadRow> rows;
  TextRow row;
  for (std::string problem; reader.next(row, problem);) {
    if (!problem.empty()) {
      EXPECT_THAT(problem, StartsWith(reader.file() + ":" + std::to_string(row.line) + ": "));
      problem.erase(0, reader.file().size() + 1);
    }
    rows.push_back({row.line, {row.fields.begin(), row.fields.end()}, problem});
  }
  return rows;
}

bool operator==(const ReadRow& a, const ReadRow& b) {
  return a.line == b.line && a.fields == b.fields && a.problem == b.problem;
}
void PrintTo(const ReadRow& row, std::ostream* out) {
  *out << row.line << ": " << ::testing::PrintToString(row.fields) << " " << row.problem;
}

/// Reads a text from files of each packing and in blocks of several sizes; all must give the same rows.
class DelimitedReaderTest : public TemporaryDirectory {
 protected:
  std::vector<ReadRow> read(const std::string& text, const DelimitedFormat& format, std::size_t longest_row = 1000) {
    std::vector<ReadRow> first;
    bool is_first = true;
    for (const auto& [name, packed] :
         {std::pair<std::string, std::string>{"table", text}, {"table.gz", gzip(text)}, {"table.zst", zstd(text)}}) {
      const std::filesystem::path file = write(name, packed);
      for (const std::size_t block : {std::size_t{1} << 20, std::size_t{7}, std::size_t{2}, std::size_t{1}}) {
        DelimitedReader reader(file, format, {block, longest_row});
        std::vector<ReadRow> rows = read_rows(reader);
        if (is_first) first = rows;
        is_first = false;
        EXPECT_EQ(rows, first) << name << ", blocks of " << block;
      }
    }
    return first;
  }

  std::vector<Fields> fields(const std::string& text, const DelimitedFormat& format) {
    std::vector<Fields> all;
    for (const ReadRow& row : read(text, format)) {
      EXPECT_EQ(row.problem, "");
      all.push_back(row.fields);
    }
    return all;
  }
};

TEST_F(DelimitedReaderTest, LineEnds) {
  EXPECT_THAT(fields("a,b\nc,d\n", no_header()), ElementsAre(Fields{"a", "b"}, Fields{"c", "d"}));
  EXPECT_THAT(fields("a,b\nc,d", no_header()), ElementsAre(Fields{"a", "b"}, Fields{"c", "d"}));
  EXPECT_THAT(fields("a,b\r\nc,d\r\n", no_header()), ElementsAre(Fields{"a", "b"}, Fields{"c", "d"}));
  EXPECT_THAT(fields("a,\r\n,\r\n", no_header()), ElementsAre(Fields{"a", ""}, Fields{"", ""}));
  // A CR elsewhere is text.
  EXPECT_THAT(fields("a\rb,c\r\r\nd,e\r", no_header()), ElementsAre(Fields{"a\rb", "c\r"}, Fields{"d", "e\r"}));
}

TEST_F(DelimitedReaderTest, ByteOrderMarkOnlyAtTheBeginning) {
  EXPECT_THAT(fields("\xef\xbb\xbf"
                     "a,b\n\xef\xbb\xbf"
                     "c,d\n",
                     no_header()),
              ElementsAre(Fields{"a", "b"}, Fields{"\xef\xbb\xbf"
                                                   "c",
                                                   "d"}));
  EXPECT_THAT(fields("\xef\xbb\xbf\"a\"", no_header(",", '"')), ElementsAre(Fields{"a"}));
  EXPECT_THAT(fields("\xef\xbb\xbf", no_header()), ElementsAre());
}

TEST_F(DelimitedReaderTest, EmptyFieldsAtTheEndCount) {
  EXPECT_THAT(fields("1\t\t\n\t\t\n2\t3\t", no_header("\t")),
              ElementsAre(Fields{"1", "", ""}, Fields{"", "", ""}, Fields{"2", "3", ""}));
  // Without its trailing tabs a row is short; how many fields there must be is the caller's to know.
  EXPECT_THAT(fields("1\t\t\n1\n", no_header("\t")), ElementsAre(Fields{"1", "", ""}, Fields{"1"}));
}

TEST_F(DelimitedReaderTest, EmptyLinesAndComments) {
  const std::string text = "|1x3 Cross validator\na,b\n\n \n|c\n\r\nd,e\n|";
  DelimitedFormat format = no_header();
  format.comment = "|";
  const auto rows = read(text, format);
  EXPECT_THAT(rows, ElementsAre(ReadRow{2, {"a", "b"}, ""}, ReadRow{3, {""}, ""}, ReadRow{4, {" "}, ""},
                                ReadRow{6, {""}, ""}, ReadRow{7, {"d", "e"}, ""}));
  format.skip_empty_lines = true;
  EXPECT_THAT(fields(text, format), ElementsAre(Fields{"a", "b"}, Fields{" "}, Fields{"d", "e"}));
  format.trim = true;
  EXPECT_THAT(fields(text, format), ElementsAre(Fields{"a", "b"}, Fields{"d", "e"}));
  // Only at the beginning of a line, and only where it is whole.
  format.comment = "##";
  EXPECT_THAT(fields("#a\na##\n##b\n#", format), ElementsAre(Fields{"#a"}, Fields{"a##"}, Fields{"#"}));
}

TEST_F(DelimitedReaderTest, DelimitersOfSeveralCharacters) {
  EXPECT_THAT(fields("1::a:b::2\n::::3:\n", no_header("::")),
              ElementsAre(Fields{"1", "a:b", "2"}, Fields{"", "", "3:"}));
  EXPECT_THAT(fields("a:::b\n", no_header("::")), ElementsAre(Fields{"a", ":b"}));
  EXPECT_THAT(fields("a, b,c, \"d, \"\"e\"\n", no_header(", ", '"')), ElementsAre(Fields{"a", "b,c", "d, \"e"}));
}

TEST_F(DelimitedReaderTest, Quotes) {
  const DelimitedFormat format = no_header(",", '"');
  EXPECT_THAT(fields("\"a,b\",\"\",\"say \"\"yes\"\"\"\n", format), ElementsAre(Fields{"a,b", "", "say \"yes\""}));
  EXPECT_THAT(fields("\"\"\"\"\n\"a\"\r\n\"b\"", format), ElementsAre(Fields{"\""}, Fields{"a"}, Fields{"b"}));
  // A quote within an unquoted field is text; so are all where the format has none.
  EXPECT_THAT(fields("5\" pipe,a\"\"b, \"c\"\n", format), ElementsAre(Fields{"5\" pipe", "a\"\"b", " \"c\""}));
  EXPECT_THAT(fields("\"a,b\"\n", no_header()), ElementsAre(Fields{"\"a", "b\""}));
  EXPECT_THAT(fields("'it''s',\"\n", no_header(",", '\'')), ElementsAre(Fields{"it's", "\""}));
}

TEST_F(DelimitedReaderTest, LineEndsInsideQuotesBelongToTheField) {
  EXPECT_THAT(read("\"a\nb\",1\n\"c\r\n\n\",2\nd,3\n", no_header(",", '"')),
              ElementsAre(ReadRow{1, {"a\nb", "1"}, ""}, ReadRow{3, {"c\r\n\n", "2"}, ""}, ReadRow{6, {"d", "3"}, ""}));
}

TEST_F(DelimitedReaderTest, TrimmedBlanks) {
  DelimitedFormat format = no_header(",", '"');
  format.trim = true;
  EXPECT_THAT(fields(" a b ,\tc, \n \" d \" ,e\r\n", format), ElementsAre(Fields{"a b", "c", ""}, Fields{" d ", "e"}));
  format.trim = false;
  EXPECT_THAT(fields(" a, b \n", format), ElementsAre(Fields{" a", " b "}));
}

TEST_F(DelimitedReaderTest, ANulByteIsAProblemOfItsRowOnly) {
  using namespace std::string_literals;
  EXPECT_THAT(read("a,b\n1,2\0x\n3,4\n"s, no_header()),
              ElementsAre(ReadRow{1, {"a", "b"}, ""},
                          ReadRow{2, {"1", "2\0x"s}, "2: column 2: value '2\\x00x': expected text without NUL bytes"},
                          ReadRow{3, {"3", "4"}, ""}));
  EXPECT_EQ(read("\"\0\",2\n"s, no_header(",", '"'))[0].problem,
            "1: column 1: value '\\x00': expected text without NUL bytes");
}

TEST_F(DelimitedReaderTest, CharactersBehindAClosingQuoteAreAProblemOfTheirRowOnly) {
  EXPECT_THAT(
      read("1,\"a\"b,\"c\"\n2,\"d\" ,\n3,\"e\",\n", no_header(",", '"')),
      ElementsAre(
          ReadRow{
              1, {"1", "\"a\"b", "c"}, "1: column 2: value '\"a\"b': expected a delimiter behind the closing quote"},
          ReadRow{2, {"2", "\"d\" ", ""}, "2: column 2: value '\"d\" ': expected a delimiter behind the closing quote"},
          ReadRow{3, {"3", "e", ""}, ""}));
}

TEST_F(DelimitedReaderTest, AQuoteThatPairsWithThatOfALaterRowCostsItsLineOnly) {
  const auto rows = read("1,\"a\n2,b\n3,\"c\"\n4,d\n", no_header(",", '"'));
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_NE(rows[0].problem, "");
  EXPECT_EQ(rows[1], (ReadRow{2, {"2", "b"}, ""}));
  EXPECT_EQ(rows[2], (ReadRow{3, {"3", "c"}, ""}));
  EXPECT_EQ(rows[3], (ReadRow{4, {"4", "d"}, ""}));
}

TEST_F(DelimitedReaderTest, AnOpenQuoteCostsItsLineOnly) {
  EXPECT_THAT(
      read("1,a\n2,\"b\n3,c\n", no_header(",", '"')),
      ElementsAre(
          ReadRow{1, {"1", "a"}, ""},
          ReadRow{
              2, {"2"}, "2: column 2: value '\"b\\x0a3,c\\x0a': expected a closing quote before the end of the file"},
          ReadRow{3, {"3", "c"}, ""}));
}

TEST_F(DelimitedReaderTest, RowsBeyondTheLimitAreProblems) {
  const std::string problem = ": expected a row of at most 20 bytes; a quoted field may not be closed";
  const std::string twenty(19, 'x');
  EXPECT_THAT(read("a\n" + twenty + "\nb\n" + twenty + "x\nc\n" + std::string(100, 'y'), no_header(), 20),
              ElementsAre(ReadRow{1, {"a"}, ""}, ReadRow{2, {twenty}, ""}, ReadRow{3, {"b"}, ""},
                          ReadRow{4, {}, "4" + problem}, ReadRow{5, {"c"}, ""}, ReadRow{6, {}, "6" + problem}));
  // A quote that is not closed within the limit: the lines behind it are read.
  EXPECT_THAT(read("\"a\n2\n333333333333333333\n4\",\"5\"\n", no_header(",", '"'), 20),
              ElementsAre(ReadRow{1, {}, "1" + problem}, ReadRow{2, {"2"}, ""}, ReadRow{3, {"333333333333333333"}, ""},
                          ReadRow{4, {"4\"", "5"}, ""}));
}

TEST_F(DelimitedReaderTest, ReadsRowsMuchLongerThanABlock) {
  const std::string field(300'000, 'x');
  std::string text;
  for (int i = 0; i < 5; ++i) text += field + ",\"" + field + "\"\"\n\"," + std::to_string(i) + "\n";
  DelimitedReader reader(write("table", text), no_header(",", '"'), {1000, 1 << 20});
  const auto rows = read_rows(reader);
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows[4].fields, (Fields{field, field + "\"\n", "4"}));
  EXPECT_EQ(rows[4].line, 9u);
}

TEST_F(DelimitedReaderTest, HeaderNamesColumnsInMessages) {
  DelimitedFormat format = no_header(";", '"');
  format.header = true;
  const auto file = write("table", "\xef\xbb\xbf\"age\";job;\"y \"\r\n30;\"cook\"s;no\r\n");
  DelimitedReader reader(file, format);
  EXPECT_THAT(reader.header(), ElementsAre("age", "job", "y "));
  EXPECT_THAT(read_rows(reader),
              ElementsAre(ReadRow{2,
                                  {"30", "\"cook\"s", "no"},
                                  "2: column 'job': value '\"cook\"s': expected a delimiter behind the "
                                  "closing quote"}));
  EXPECT_THAT([&] { DelimitedReader(write("mark", "\xef\xbb\xbf"), format); },
              ThrowsMessage<RunError>(EndsWith("mark: has no row: expected a first one that names the columns")));
  EXPECT_THAT([&] { DelimitedReader(write("open", "a;\"b\n1;2\n"), format); },
              ThrowsMessage<RunError>(
                  EndsWith("open:1: column 2: value '\"b\\x0a1;2\\x0a': expected a closing quote before the "
                           "end of the file")));
}

TEST_F(DelimitedReaderTest, FilesThatCannotBeReadAreErrors) {
  const DelimitedFormat format = no_header();
  EXPECT_THAT([&] { DelimitedReader(directory_, format); }, ThrowsMessage<RunError>(HasSubstr(": is a directory")));
  EXPECT_THAT([&] { DelimitedReader(write("empty", ""), format); },
              ThrowsMessage<RunError>(EndsWith("empty: is empty")));
  EXPECT_THAT([&] { DelimitedReader(directory_ / "absent", format); },
              ThrowsMessage<RunError>(EndsWith("absent: there is no such file")));
}

TEST_F(DelimitedReaderTest, RowsBeforeATruncationAreReadAndTheLineIsNamed) {
  std::string text;
  for (int i = 0; i < 60'000; ++i) text += std::to_string(i * 7919 % 10007) + "," + std::to_string(i) + "\n";
  for (const auto& [name, packed] : {std::pair<std::string, std::string>{"gzip", gzip(text)}, {"zstd", zstd(text)}}) {
    const auto file = write("cut", packed.substr(0, packed.size() - 9));
    DelimitedReader reader(file, no_header(), {512, 1000});
    std::uint64_t rows = 0;
    TextRow row;
    std::string problem, message;
    try {
      for (; reader.next(row, problem); ++rows) EXPECT_EQ(row.line, rows + 1);
    } catch (const RunError& error) {
      message = error.what();
    }
    EXPECT_GT(rows, name == "gzip" ? 59'000u : 30'000u);  // zstd unpacks whole blocks of 128 KiB
    EXPECT_THAT(message,
                AllOf(StartsWith(file.string() + ": the " + name + " archive ends too early: it is truncated, after "),
                      EndsWith(" unpacked bytes (at line " + std::to_string(rows + 1) + ")")));
  }
}

TEST_F(DelimitedReaderTest, DelimitersThatCannotWorkAreErrors) {
  for (const std::string delimiter : {"", "\n", "a\r", "\"", "\"x"})
    EXPECT_THROW(DelimitedReader(std::make_unique<MemoryBytes>("a"), "table", no_header(delimiter, '"')), UsageError);
}

}  // namespace
}  // namespace c2al
