#include "inference/step_crew.h"

#include <algorithm>
#include <system_error>

#include "base/fixed_point.h"
#include "format/attributes.h"
#include "host/error.h"
#include "ops/kernel_call.h"
#include "runtime/executor.h"

namespace dimple::inference {
namespace {

// How long a thread looks for a change before it sleeps: about as long as a small layer takes. It does not yield: what else
// runs here, at a lower priority, would keep the core for milliseconds; a sleeper that is woken takes it back at once.
constexpr int kGlances = 5000;

template <class Changed>
void glance(Changed&& changed) {
  for (int i = 0; i < kGlances && !changed(); ++i) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }
}

// Less is done before another core has heard of it: about two microseconds of the caller's own work.
constexpr int64_t kLeastWork = 200'000;

int64_t bytes_of(const format::TensorRecord& t) { return t.bytes; }

bool lie_apart(const format::TensorRecord& a, const format::TensorRecord& b) {
  return a.arena_at + bytes_of(a) <= b.arena_at || b.arena_at + bytes_of(b) <= a.arena_at;
}

// Element by element at the same place is as good as apart.
bool may_share(const format::Program& program, const format::StepRecord& step) {
  const format::TensorRecord& out = program.tensors[step.out];
  return std::ranges::all_of(step.in, [&](uint32_t in) {
    if (in == format::kNone) return true;
    const format::TensorRecord& t = program.tensors[in];
    return lie_apart(t, out) || (t.arena_at == out.arena_at && t.bytes == out.bytes);
  });
}

// A pointwise convolution sees no neighbours: as a column of pixels it divides more evenly than by rows, of which a small
// picture has few.
bool sees_single_pixels(const format::Program& program, const format::StepRecord& step) {
  return step.op == static_cast<uint32_t>(ops::OpCode::conv2d) &&
         format::load_attributes<ops::Conv2d>(program.attributes.data() + step.attributes).window == ops::Window{};
}
ops::Tensor as_column(ops::Tensor t) {
  t.height *= t.width, t.width = 1;
  return t;
}
ops::Call as_column(ops::Call call) {
  call.in[0] = as_column(call.in[0]), call.out = as_column(call.out);
  return call;
}

// Multiply-adds; an element of the output counts as four where there are none.
int64_t work_in(const format::Program& program, const format::StepRecord& step) {
  const format::TensorRecord& out = program.tensors[step.out];
  const int64_t elements = int64_t{out.height} * out.width * out.channels;
  return ops::with_operator(static_cast<ops::OpCode>(step.op), [&](auto kind) -> int64_t {
    if constexpr (ops::is_linear<decltype(kind)>())
      return elements * format::weight_of(program, step).per_channel();
    else
      return 4 * elements;
  });
}

}  // namespace

StepCrew::StepCrew(const format::Program& program, kernels::IsaSet isas, int threads) {
  uint32_t scratch = 0;
  for (const format::StepRecord& step : program.steps) {
    const kernels::KernelInfo* kernel = runtime::kernel_of(program, step, isas);
    const ops::Call call = runtime::call_of(program, step, nullptr);
    const bool by_pixel = sees_single_pixels(program, step);
    const uint32_t bytes = kernel->scratch_bytes(by_pixel ? as_column(call) : call);
    const bool several = (by_pixel ? as_column(call.out) : call.out).height >= 2;
    steps_.push_back({several && may_share(program, step) && work_in(program, step) >= kLeastWork, by_pixel, bytes});
    scratch = std::max(scratch, bytes);
  }
  for (int member = 0; member < threads; ++member) scratch_.emplace_back(scratch);
  try {
    for (int member = 1; member < threads; ++member) members_.emplace_back([this, member] { work(member); });
  } catch (const std::system_error&) {
    stop();
    throw host::Error(host::Exit::resources, "the system has no thread left to give", "ask for fewer with --threads");
  }
}

StepCrew::~StepCrew() { stop(); }

void StepCrew::stop() {
  over_ = true;
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  for (std::thread& member : members_) member.join();
  members_.clear();
}

int StepCrew::shared_steps() const {
  return static_cast<int>(std::ranges::count_if(steps_, [](const Step& step) { return step.shared; }));
}

void StepCrew::serve(dimple_session& session) { dimple_runner(&session, on_step, this); }

void StepCrew::run_share(int member) const {
  const int64_t members = static_cast<int64_t>(members_.size()) + 1, height = work_.call.out.height;
  const DimpleRange rows{static_cast<int32_t>(height * member / members),
                         static_cast<int32_t>(height * (member + 1) / members)};
  if (rows.first == rows.last) return;
  DimpleCall call = work_.call;
  if (work_.has_scratch) call.scratch = const_cast<uint8_t*>(scratch_[static_cast<size_t>(member)].data());
  work_.kernel(&call, rows);
}

void StepCrew::on_step(void* self, uint32_t step, dimple_kernel_fn kernel, const DimpleCall* call) {
  auto& crew = *static_cast<StepCrew*>(self);
  if (!crew.steps_[step].shared || crew.members_.empty()) return kernel(call, ops::all_rows(call->out));
  crew.work_ = {kernel, crew.steps_[step].by_pixel ? as_column(*call) : *call, crew.steps_[step].scratch_bytes > 0};
  crew.done_.store(0, std::memory_order_relaxed);
  crew.round_.fetch_add(1, std::memory_order_release);
  crew.round_.notify_all();
  crew.run_share(0);
  const auto others = static_cast<int>(crew.members_.size());
  glance([&] { return crew.done_.load(std::memory_order_acquire) == others; });
  for (int done = crew.done_.load(std::memory_order_acquire); done != others;
       done = crew.done_.load(std::memory_order_acquire))
    crew.done_.wait(done, std::memory_order_acquire);
}

void StepCrew::work(int member) {
  for (uint32_t seen = 0;;) {
    glance([&] { return round_.load(std::memory_order_acquire) != seen; });
    round_.wait(seen, std::memory_order_acquire);  // at once, when there is work
    if (over_.load()) return;
    ++seen;
    run_share(member);
    done_.fetch_add(1, std::memory_order_release);
    done_.notify_one();
  }
}

}  // namespace dimple::inference
