#include "results/run_recorder.hpp"

#include "core/error.hpp"

namespace c2al {

void RunRecorder::begin_model(std::size_t model, const std::vector<std::string>& task_names) {
  if (record_.task_names.size() <= model) record_.task_names.resize(model + 1);
  record_.task_names[model] = task_names;
}

void RunRecorder::record(const StepMetrics& metrics) { record_.steps.push_back(metrics); }

// A step is saved as: step, model, learning rate, acted, number of tasks, losses, coefficients.
void RunRecorder::save(StateWriter& state) const {
  std::vector<double> flat;
  for (const StepMetrics& m : record_.steps) {
    flat.insert(flat.end(), {static_cast<double>(m.step), static_cast<double>(m.model), m.learning_rate, m.acted,
                             static_cast<double>(m.losses.size())});
    flat.insert(flat.end(), m.losses.begin(), m.losses.end());
    flat.insert(flat.end(), m.coefficients.begin(), m.coefficients.end());
  }
  state.numbers("steps", flat);
}

void RunRecorder::load(StateReader& state) {
  const std::vector<double> flat = state.numbers("steps");
  record_.steps.clear();
  for (std::size_t i = 0; i < flat.size();) {
    if (flat.size() - i < 5) throw RunError("the checkpoint's recorded steps are damaged");
    StepMetrics m;
    m.step = static_cast<std::uint64_t>(flat[i]);
    m.model = static_cast<std::size_t>(flat[i + 1]);
    m.learning_rate = flat[i + 2];
    m.acted = flat[i + 3];
    const auto tasks = static_cast<std::size_t>(flat[i + 4]);
    i += 5;
    if (flat.size() - i < 2 * tasks) throw RunError("the checkpoint's recorded steps are damaged");
    const auto at = [&](std::size_t offset) { return flat.begin() + static_cast<std::ptrdiff_t>(offset); };
    m.losses.assign(at(i), at(i + tasks));
    m.coefficients.assign(at(i + tasks), at(i + 2 * tasks));
    i += 2 * tasks;
    record_.steps.push_back(std::move(m));
  }
}

}  // namespace c2al
