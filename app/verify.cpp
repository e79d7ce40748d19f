#include "app/verify.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "app/command.hpp"
#include "app/fixture_replay.hpp"
#include "app/verify_aggregators.hpp"
#include "core/error.hpp"

namespace c2al {
namespace {

constexpr double tolerance_float64 = 1e-10, tolerance_float32 = 2e-5;

/// A dataset's path cut in its first parts: /Y/METHOD/TYPE/rest.
struct Address {
  std::string attention, method, type, rest;

  static std::optional<Address> parse(const std::string& path) {
    Address address;
    std::size_t begin = 0;
    for (std::string* part : {&address.attention, &address.method, &address.type}) {
      const std::size_t end = path.find('/', begin);
      if (end == std::string::npos) return std::nullopt;
      *part = path.substr(begin, end - begin);
      begin = end + 1;
    }
    address.rest = path.substr(begin);
    return address;
  }
};

std::string first_part(const std::string& path) { return path.substr(0, path.find('/')); }

/// The group of a dataset below /Y/METHOD/TYPE; losses and Gram matrices stand beside the groups.
std::string group_of(const std::string& rest) {
  return rest == "loss" || rest == "task_losses" ? "losses" : first_part(rest);
}

bool is_method(const std::string& name) {
  return name == "plain" || name == "c2al" || name == "pcgrad" || name == "mmoe" || name == "ple";
}

/// Largest difference relative to the largest entry of `expected`, absolute where that is 0. NaN when any is.
double relative_error(const std::vector<double>& expected, const std::vector<double>& found) {
  double largest = 0, difference = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double d = std::abs(expected[i] - found[i]);
    if (std::isnan(d)) return d;
    difference = std::max(difference, d);
    largest = std::max(largest, std::abs(expected[i]));
  }
  return largest > 0 ? difference / largest : difference;
}

/// Datasets of one /Y/METHOD/TYPE by what follows.
using TypedArrays = std::map<std::string, const FixtureArray*>;

/// Steps the optimizer must run for the datasets "OPTIMIZER/stepN/...".
std::size_t last_step(const TypedArrays& arrays, const std::string& optimizer) {
  std::size_t last = 0;
  const std::string prefix = optimizer + "/step";
  for (const auto& [rest, array] : arrays) {
    if (!rest.starts_with(prefix)) continue;
    constexpr std::size_t longest_run = 1000;
    std::size_t step = 0;
    for (std::size_t i = prefix.size(); i < rest.size() && rest[i] >= '0' && rest[i] <= '9' && step < longest_run; ++i)
      step = 10 * step + static_cast<std::size_t>(rest[i] - '0');
    last = std::max(last, std::min(step, longest_run));
  }
  return last;
}

class Verifier {
 public:
  explicit Verifier(const Fixture& fixture) : fixture_(fixture) {}

  Verification run() {
    // by /Y/METHOD, then TYPE
    std::map<std::string, std::map<std::string, TypedArrays>> methods;
    for (const auto& [path, array] : fixture_.arrays()) {
      const std::string root = first_part(path);
      if (root == "weights" || root == "aggregators" || path == "inputs/ids" || path == "inputs/dense" ||
          path == "inputs/labels")
        continue;
      const std::optional<Address> address = Address::parse(path);
      const bool attention_known = address && (address->attention == "mlp" || address->attention == "param");
      if (attention_known && is_method(address->method) && (address->type == "f64" || address->type == "f32")) {
        methods[address->attention + "/" + address->method][address->type][address->rest] = &array;
      } else {
        outcome_.not_understood.push_back(path);
      }
    }
    for (const auto& [name, types] : methods) verify_method(name, types);
    return std::move(outcome_);
  }

 private:
  void verify_method(const std::string& name, const std::map<std::string, TypedArrays>& types) {
    const auto of_type = [&](const char* type) {
      const auto found = types.find(type);
      return found == types.end() ? TypedArrays{} : found->second;
    };
    const TypedArrays f64 = of_type("f64"), f32 = of_type("f32");
    TypedArrays f64_only;
    for (const auto& [rest, array] : f64)
      if (std::none_of(f32.begin(), f32.end(),
                       [&](const auto& other) { return group_of(other.first) == group_of(rest); }))
        f64_only[rest] = array;
    verify_arrays(name + "/f64/", f64, name, "float64", tolerance_float64);
    verify_arrays(name + "/f32/", f32, name, "float32", tolerance_float32);
    verify_arrays(name + "/f64/", f64_only, name, "float32", tolerance_float32);
  }

  void verify_arrays(const std::string& prefix, const TypedArrays& arrays, const std::string& name,
                     const std::string& precision, double tolerance) {
    if (arrays.empty()) return;
    const AttentionSource attention = name.starts_with("mlp/") ? AttentionSource::mlp : AttentionSource::parameter;
    const std::string method = name.substr(name.find('/') + 1);
    ReplayedArrays replayed = replay_passes(fixture_, attention, method, precision);
    for (const char* optimizer : {"adam", "adagrad"})
      if (const std::size_t steps = last_step(arrays, optimizer))
        replayed.merge(replay_optimizer(fixture_, attention, method, precision, optimizer, steps));

    std::map<std::string, VerifiedGroup> groups;
    for (const auto& [rest, expected] : arrays) {
      const auto found = replayed.find(rest);
      if (found == replayed.end()) {
        note_not_understood(prefix + rest);
        continue;
      }
      VerifiedGroup& group = groups[prefix + group_of(rest)];
      group.precision = precision;
      group.tolerance = tolerance;
      compare(rest, *expected, found->second, group);
    }
    for (auto& [name, group] : groups) {
      group.name = name;
      outcome_.groups.push_back(std::move(group));
    }
  }

  static void compare(const std::string& name, const FixtureArray& expected, const FixtureArray& found,
                      VerifiedGroup& group) {
    ++group.arrays;
    double error = std::numeric_limits<double>::quiet_NaN();
    if (expected.shape != found.shape) {
      group.failures.push_back(fmt::format("{}: shape ({}), this build has ({})", name, fmt::join(expected.shape, ", "),
                                           fmt::join(found.shape, ", ")));
    } else {
      error = relative_error(expected.values, found.values);
      if (!(error <= group.tolerance)) group.failures.push_back(fmt::format("{}: relative error {:.1e}", name, error));
    }
    if (std::isnan(error) || (!std::isnan(group.worst_error) && error >= group.worst_error)) {
      group.worst_error = error;
      group.worst_array = name;
    }
  }

  void note_not_understood(const std::string& path) {
    if (std::find(outcome_.not_understood.begin(), outcome_.not_understood.end(), path) ==
        outcome_.not_understood.end())
      outcome_.not_understood.push_back(path);
  }

  const Fixture& fixture_;
  Verification outcome_;
};

const CommandDescription description = {
    "c2al verify",
    "Compares this build's model with PyTorch's values, gradients and optimizer steps "
    "(about 1 s for tests/data/dhen_fixture.h5), and rules of gradient aggregation with known answers: "
    "/aggregators/CASE/jacobian (tasks, n) and /aggregators/CASE/METHOD/gradient (n), optionally weights (tasks), "
    "where "
    "attributes of METHOD are the rule's settings (absolute tolerance 1e-4).",
    "FIXTURE.h5",
    {"fixture"},
    {{"fixture", "file of scripts/export_fixture.py", OptionKind::text}}};

}  // namespace

std::size_t Verification::arrays() const {
  std::size_t sum = 0;
  for (const VerifiedGroup& group : groups) sum += group.arrays;
  return sum;
}

bool Verification::passed() const {
  return !groups.empty() && not_understood.empty() &&
         std::all_of(groups.begin(), groups.end(), [](const VerifiedGroup& group) { return group.failures.empty(); });
}

Verification verify_fixture(const std::filesystem::path& file) {
  const hdf5::Group root = hdf5::open_file(file);
  Verification outcome;
  if (root.members() != std::vector<std::string>{"aggregators"}) {
    const Fixture fixture(file);
    outcome = Verifier(fixture).run();
  }
  verify_aggregators(root, outcome);
  return outcome;
}

int verify_command(int argc, char** argv) {
  const Arguments arguments = parse_command_line(description, argc, argv);
  if (!arguments.given("fixture")) throw UsageError("c2al verify: no fixture given: expected FIXTURE.h5");

  const Verification outcome = verify_fixture(arguments.text("fixture"));
  for (const VerifiedGroup& group : outcome.groups) {
    fmt::print("{:<28} {}  {:>4} arrays  worst {} error {:.1e}  {}\n", group.name, group.precision, group.arrays,
               group.absolute ? "absolute" : "relative", group.worst_error,
               group.failures.empty() ? "ok" : "BEYOND TOLERANCE");
    for (const std::string& failure : group.failures) fmt::print("  {} (tolerance {:.0e})\n", failure, group.tolerance);
  }
  for (const std::string& path : outcome.not_understood) fmt::print("not understood: /{}\n", path);
  fmt::print("checked {} arrays in {} groups\n", outcome.arrays(), outcome.groups.size());
  return outcome.passed() ? 0 : 1;
}

}  // namespace c2al
