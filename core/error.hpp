#pragma once
#include <stdexcept>
#include <string>

namespace c2al {

/// Base of every error this project throws on purpose. The message is complete: it names the file, key, line or row,
/// the value found and what was expected, and is shown to the user as it is.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The command line or a configuration is wrong. The c2al command ends with exit code 2.
class UsageError : public Error {
 public:
  using Error::Error;
};

/// A well-posed run failed (missing data file, damaged row, divergence, unwritable output). Exit code 1.
class RunError : public Error {
 public:
  using Error::Error;
};

}  // namespace c2al
