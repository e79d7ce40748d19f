#include "app/interrupt.hpp"

#include <csignal>
#include <cstddef>

namespace c2al {

namespace {

volatile std::sig_atomic_t flag = 0;

void on_signal(int) { flag = 1; }

/// Where the handler runs. On the ordinary stack, a signal that arrived inside a oneDNN 2.6 gemm corrupted the heap in
/// about one run of six; its compiled kernels seem to keep data where a signal frame goes.
constexpr std::size_t signal_stack_size = 256 * 1024;
alignas(64) char signal_stack[signal_stack_size];

}  // namespace

void catch_interrupts() {
  stack_t stack{};
  stack.ss_sp = signal_stack;
  stack.ss_size = signal_stack_size;
  sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_flags = SA_ONSTACK;
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() noexcept { return flag != 0; }

}  // namespace c2al
