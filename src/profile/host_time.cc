#include "profile/host_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "format/reader.h"
#include "host/aligned_bytes.h"
#include "host/error.h"
#include "inference/step_crew.h"
#include "profile/step_work.h"
#include "runtime/executor.h"

namespace dimple::profile {
namespace {

using Clock = std::chrono::steady_clock;

double microseconds(Clock::duration d) { return std::chrono::duration<double, std::micro>(d).count(); }

double percentile(const std::vector<double>& sorted, double part) {
  return sorted[static_cast<size_t>(part * static_cast<double>(sorted.size() - 1))];
}

// An opened program with a picture in its input.
struct Opened {
  host::AlignedBytes program, memory;
  dimple_session session{};

  Opened(const inference::OpenedModel& model, kernels::IsaSet isas) : program(model.program) {
    const Span<const uint8_t> bytes(program.data(), program.size());
    memory = host::AlignedBytes(runtime::memory_bytes(bytes, isas));
    const Status status = runtime::prepare(session, bytes, {memory.data(), memory.size()}, isas);
    if (status != Status::ok)
      throw host::Error(host::Exit::model, fmt::format("cannot run {}: {}", model.name, describe(status)));
    fill();
  }
  // An inference may write over its input.
  void fill() {
    const dimple_tensor_info in = dimple_input(&session);
    uint32_t seed = 1;
    for (uint32_t i = 0; i < in.bytes / (in.dtype == DIMPLE_F32 ? 4 : 1); ++i) {
      seed = seed * 1664525 + 1013904223;
      const auto code = static_cast<int8_t>(seed >> 24);
      if (in.dtype == DIMPLE_F32)
        static_cast<float*>(in.data)[i] = static_cast<float>(code) / 128;
      else
        static_cast<int8_t*>(in.data)[i] = code;
    }
  }
  double run_us() {
    const Clock::time_point start = Clock::now();
    const Status status = runtime::run(session);
    const double us = microseconds(Clock::now() - start);
    if (status != Status::ok) throw host::Error(host::Exit::failed, describe(status));
    return us;
  }
};

// Times of one layer after the other, as the trace sees their ends.
struct LayerClock {
  std::vector<std::vector<double>> us;
  Clock::time_point last;

  static void on_step(void* self, uint32_t step, const DimpleCall*) {
    auto& clock = *static_cast<LayerClock*>(self);
    const Clock::time_point now = Clock::now();
    clock.us[step].push_back(microseconds(now - clock.last));
    clock.last = Clock::now();
  }
};

// Runs until the time is over, once at least.
template <class F>
void repeat(double seconds, const host::Task& task, F&& f) {
  const Clock::time_point end =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  do {
    task.stop_if_cancelled();
    f();
  } while (Clock::now() < end);
}

}  // namespace

HostTime measure_time(const inference::OpenedModel& model, const HostTimeOptions& options, const host::Task& task) {
  Opened opened(model, options.isas);
  const format::Program program = format::view_program(opened.program.data());
  std::optional<inference::StepCrew> crew;
  if (options.threads > 1) crew.emplace(program, options.isas, options.threads).serve(opened.session);
  HostTime time;
  time.memory_bytes = static_cast<int64_t>(opened.memory.size());
  std::vector<double> whole;
  repeat(options.seconds / 10, task, [&] { opened.run_us(); });
  repeat(options.seconds, task, [&] {
    opened.fill();
    whole.push_back(opened.run_us());
  });
  std::ranges::sort(whole);
  time.runs = static_cast<int64_t>(whole.size());
  time.whole = {percentile(whole, 0.5), percentile(whole, 0.9), percentile(whole, 0.99)};

  LayerClock clock{std::vector<std::vector<double>>(program.steps.size()), {}};
  dimple_trace(&opened.session, LayerClock::on_step, &clock);
  repeat(options.seconds, task, [&] {
    opened.fill();
    clock.last = Clock::now();
    opened.run_us();
  });
  double sum = 0;
  const std::vector<StepWork> steps = work_of_steps(program, options.isas);
  for (size_t i = 0; i < steps.size(); ++i) {
    LayerTime layer{steps[i].layer, steps[i].kernel, steps[i].output, steps[i].multiply_adds};
    std::ranges::sort(clock.us[i]);
    if (!clock.us[i].empty())
      layer.p50_us = percentile(clock.us[i], 0.5);  // it is one with the next (format/stripes.h)
    time.multiply_adds += layer.multiply_adds;
    time.rescaled += steps[i].rescaled;
    sum += layer.p50_us;
    time.layers.push_back(std::move(layer));
  }
  for (LayerTime& layer : time.layers) layer.share = layer.p50_us / sum;
  return time;
}

double measure_limit(kernels::IsaSet isas, kernels::Work work) {
  double best = 0;
  for (int i = 0; i < 20; ++i) {
    const Clock::time_point start = Clock::now();
    const int64_t done = kernels::work_in_registers(level_of(isas), work, 20'000);
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (done > 0) best = std::max(best, static_cast<double>(done) / seconds);
  }
  return best;
}

}  // namespace dimple::profile
