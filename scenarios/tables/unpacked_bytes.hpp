#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "scenarios/tables/byte_stream.hpp"

namespace c2al {

/// What unpacking gzip and zstd have in common: packed bytes in blocks, errors that say how many bytes came out. Bytes
/// unpacked before an error are given first, so that a reader can use the rows they hold.
class UnpackedBytes : public ByteStream {
 public:
  /// @param packing  "gzip", for messages
  UnpackedBytes(std::unique_ptr<ByteStream> packed, std::string file, std::string packing);

  std::size_t read(char* to, std::size_t size) final;

 protected:
  /// Unpacks from input() and refills it with more(); less than `size` bytes at the end or after stop() only.
  virtual std::size_t unpack(char* to, std::size_t size) = 0;

  /// The next block of packed bytes; empty at the end of the file.
  std::string_view more();
  /// Ends unpacking with an error: "FILE: the PACKING archive " + what.
  void stop(std::string what) { error_ = std::move(what); }

 private:
  std::unique_ptr<ByteStream> packed_;
  std::string file_, packing_, error_;
  std::vector<char> block_;
  std::uint64_t unpacked_ = 0;
};

}  // namespace c2al
