#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace c2al {

/// What follows an option on the command line.
enum class OptionKind {
  flag,     ///< nothing
  text,     ///< one word
  count,    ///< a whole number of at least 0
  integer,  ///< a whole number
  list,     ///< one word; the option may be repeated
};

/// An option that a command declares.
struct OptionDescription {
  std::string name;  ///< "seed", or "j,jobs" with a short form
  std::string help;
  OptionKind kind = OptionKind::flag;
  /// As the user would write it; without one an option that is not given has no value (a list is empty).
  const char* fallback = nullptr;
};

/// A command as its --help describes it.
struct CommandDescription {
  std::string name;                     ///< "c2al run"
  std::string summary;                  ///< may have several lines
  std::string positional_help;          ///< "SCENARIO.toml"
  std::vector<std::string> positional;  ///< options that the arguments without a name fill, in order
  std::vector<OptionDescription> options;
};

/// Parsed arguments. The getters throw std::logic_error for an option of another kind, and for one without a value.
class Arguments {
 public:
  using Value = std::variant<bool, std::string, std::uint64_t, std::int64_t, std::vector<std::string>>;

  /// Sets an option's value.
  /// @param given  by the user; otherwise it is the default
  void set(const std::string& name, Value value, bool given);

  /// Whether the user gave the option.
  bool given(const std::string& name) const;
  const std::string& text(const std::string& name) const;
  std::uint64_t count(const std::string& name) const;
  std::int64_t integer(const std::string& name) const;
  const std::vector<std::string>& list(const std::string& name) const;

 private:
  struct Argument {
    Value value;
    bool given;
  };
  template <class T>
  const T& value(const std::string& name) const;
  std::map<std::string, Argument> arguments_;
};

/// Parses a command's arguments (argv[0] is the command's name). `--help` prints the help and ends the process with
/// exit code 0. Throws UsageError for an unknown option, a bad value, or positional arguments nobody asked for.
Arguments parse_command_line(const CommandDescription& command, int argc, char** argv);

}  // namespace c2al
