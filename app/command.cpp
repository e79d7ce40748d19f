#include "app/command.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
// The one file that includes cxxopts: it takes the compiler seconds.
#include <cxxopts.hpp>
#include <stdexcept>

#include "core/error.hpp"

namespace c2al {

namespace {

std::shared_ptr<cxxopts::Value> value_of(OptionKind kind) {
  switch (kind) {
    case OptionKind::flag:
      return cxxopts::value<bool>();
    case OptionKind::text:
      return cxxopts::value<std::string>();
    case OptionKind::count:
      return cxxopts::value<std::uint64_t>();
    case OptionKind::integer:
      return cxxopts::value<std::int64_t>();
    case OptionKind::list:
      return cxxopts::value<std::vector<std::string>>();
  }
  throw std::logic_error("an option of no kind");
}

std::string long_name(const std::string& name) { return name.substr(name.find(',') + 1); }

Arguments::Value read(const cxxopts::ParseResult& result, const std::string& name, OptionKind kind) {
  switch (kind) {
    case OptionKind::flag:
      return result[name].as<bool>();
    case OptionKind::text:
      return result[name].as<std::string>();
    case OptionKind::count:
      return result[name].as<std::uint64_t>();
    case OptionKind::integer:
      return result[name].as<std::int64_t>();
    case OptionKind::list:
      return result[name].as<std::vector<std::string>>();
  }
  throw std::logic_error("an option of no kind");
}

Arguments parse(const CommandDescription& command, int argc, char** argv) {
  cxxopts::Options options(command.name, command.summary);
  options.positional_help(command.positional_help);
  auto add = options.add_options();
  for (const OptionDescription& option : command.options) {
    const auto value = value_of(option.kind);
    if (option.fallback != nullptr) value->default_value(option.fallback);
    add(option.name, option.help, value);
  }
  add("h,help", "print this help and exit");
  options.parse_positional(command.positional);

  const cxxopts::ParseResult result = options.parse(argc, argv);
  if (result.count("help") > 0) {
    fmt::print("{}", options.help());
    std::fflush(stdout);
    std::exit(0);
  }
  if (!result.unmatched().empty())
    throw UsageError(fmt::format("c2al {}: unexpected argument '{}'", argv[0], result.unmatched().front()));
  Arguments arguments;
  for (const OptionDescription& option : command.options) {
    const std::string name = long_name(option.name);
    const bool given = result.count(name) > 0;
    if (given || option.fallback != nullptr)
      arguments.set(name, read(result, name, option.kind), given);
    else if (option.kind == OptionKind::list)
      arguments.set(name, std::vector<std::string>(), false);
  }
  return arguments;
}

}  // namespace

void Arguments::set(const std::string& name, Value value, bool given) { arguments_[name] = {std::move(value), given}; }

bool Arguments::given(const std::string& name) const {
  const auto found = arguments_.find(name);
  return found != arguments_.end() && found->second.given;
}

template <class T>
const T& Arguments::value(const std::string& name) const {
  const auto found = arguments_.find(name);
  if (found == arguments_.end() || !std::holds_alternative<T>(found->second.value))
    throw std::logic_error(fmt::format("option '{}' is read without a value or as another kind", name));
  return std::get<T>(found->second.value);
}

const std::string& Arguments::text(const std::string& name) const { return value<std::string>(name); }
std::uint64_t Arguments::count(const std::string& name) const { return value<std::uint64_t>(name); }
std::int64_t Arguments::integer(const std::string& name) const { return value<std::int64_t>(name); }
const std::vector<std::string>& Arguments::list(const std::string& name) const {
  return value<std::vector<std::string>>(name);
}

Arguments parse_command_line(const CommandDescription& command, int argc, char** argv) {
  try {
    return parse(command, argc, argv);
  } catch (const cxxopts::exceptions::incorrect_argument_type& error) {
    // The library names the value alone; the word before it is the option.
    std::string option = "an option";
    for (int i = 2; i < argc; ++i)
      if (std::string(error.what()).find(fmt::format("‘{}’", argv[i])) != std::string::npos) option = argv[i - 1];
    throw UsageError(
        fmt::format("c2al {}: {}: {}, expected a whole number of at least 0", argv[0], option, error.what()));
  } catch (const cxxopts::exceptions::exception& error) {
    throw UsageError(fmt::format("c2al {}: {}", argv[0], error.what()));
  }
}

}  // namespace c2al
