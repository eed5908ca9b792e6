#include "train/team.h"

#include <signal.h>

#include <algorithm>

#include "host/error.h"
#include "host/processor.h"
#include "nn/memory.h"

#if defined(__linux__)
#include <sched.h>
#endif

// libtorch says what it was built with, but its headers need those of Gloo and NCCL, which may be packaged apart.
#if defined(USE_C10D_GLOO) && __has_include(<gloo/algorithm.h>)
#define DIMPLE_GLOO 1
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

#include "train/meeting.h"
#endif
#if defined(USE_C10D_NCCL) && __has_include(<nccl.h>)
#define DIMPLE_NCCL 1
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>

#include "train/meeting.h"
#endif

namespace dimple::train {

#if defined(DIMPLE_GLOO) || defined(DIMPLE_NCCL)
namespace {

using std::chrono::milliseconds;

[[noreturn]] void throw_rank_lost(const Rank& rank, const std::exception& e) {
  throw rank_lost(rank, "lost the others", e,
                  "see what they said; start all ranks again with --resume to go on from the checkpoint");
}

template <class Group>
class Reducer final : public AllReduce {
 public:
  Reducer(const Rank& rank, c10::intrusive_ptr<Group> group, torch::Device at)
      : rank_(rank), group_(std::move(group)), at_(at) {}

  void sum(torch::Tensor& values) override {
    try {
      std::vector<torch::Tensor> there{values.to(at_)};
      group_->allreduce(there)->wait();
      if (!there[0].is_same(values)) values.copy_(there[0]);
    } catch (const std::exception& e) {
      throw_rank_lost(rank_, e);
    }
  }

 private:
  Rank rank_;
  c10::intrusive_ptr<Group> group_;
  torch::Device at_;  // where the group wants its tensors
};

#ifdef DIMPLE_GLOO
// Threads that are started in its scope do not preempt others when they wake up. Gloo's threads need a lock that a
// worker holds while it sends; on that worker's core they would wait for it until their time slice is over: 3 ms of a
// step that takes 20.
class BatchSchedulingScope {
 public:
#if defined(__linux__)
  BatchSchedulingScope() : changed_(sched_getscheduler(0) == SCHED_OTHER && set(SCHED_BATCH)) {}
  ~BatchSchedulingScope() {
    if (changed_) set(SCHED_OTHER);
  }
  BatchSchedulingScope(const BatchSchedulingScope&) = delete;
  BatchSchedulingScope& operator=(const BatchSchedulingScope&) = delete;

 private:
  static bool set(int policy) {
    const sched_param usual{};
    return sched_setscheduler(0, policy, &usual) == 0;
  }
  bool changed_;
#endif
};

std::unique_ptr<AllReduce> make_gloo(const Rank& rank, milliseconds timeout) {
  const auto store = meet(rank, timeout);
  const BatchSchedulingScope scope;
  const auto options = c10d::ProcessGroupGloo::Options::create();
  options->timeout = timeout;
  // All on one machine: its own name may not resolve, the loopback always does.
  options->devices.push_back(rank.local_world == rank.world
                                 ? c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1")
                                 : c10d::ProcessGroupGloo::createDefaultDevice());
  using Group = c10d::ProcessGroupGloo;
  return std::make_unique<Reducer<Group>>(rank, c10::make_intrusive<Group>(store, rank.index, rank.world, options),
                                          torch::kCPU);
}
#endif

#ifdef DIMPLE_NCCL
std::unique_ptr<AllReduce> make_nccl(const Rank& rank, torch::Device device, milliseconds timeout) {
  using Group = c10d::ProcessGroupNCCL;
  const auto options = Group::Options::create();
  options->timeout = timeout;
  return std::make_unique<Reducer<Group>>(
      rank, c10::make_intrusive<Group>(meet(rank, timeout), rank.index, rank.world, options), device);
}
#endif

}  // namespace
#endif

std::unique_ptr<AllReduce> make_all_reduce([[maybe_unused]] const Rank& rank, [[maybe_unused]] torch::Device device,
                                           [[maybe_unused]] double timeout_s) {
#if defined(DIMPLE_GLOO) || defined(DIMPLE_NCCL)
  const milliseconds timeout(static_cast<int64_t>(timeout_s * 1000));
  // Gloo writes to a rank that has just gone: an error to be caught, not the end of this one.
  ::signal(SIGPIPE, SIG_IGN);
  try {
#ifdef DIMPLE_NCCL
    if (device.is_cuda()) return make_nccl(rank, device, timeout);
#endif
#ifdef DIMPLE_GLOO
    return make_gloo(rank, timeout);
#endif
  } catch (const std::exception& e) {
    throw_rank_lost(rank, e);
  }
#endif
  throw host::Error(host::Exit::failed, "this libtorch cannot train in several processes",
                    "it was built without Gloo, or its headers are missing (Debian: libgloo-dev)");
}

namespace {

// Several processes of a machine take a GPU each.
torch::Device choose_device(const std::string& name, const Rank& rank) {
  if (name == "cpu") return torch::kCPU;
  if (name == "cuda" && !torch::cuda::is_available())
    throw host::Error(host::Exit::usage, "there is no CUDA device here", "--device cpu trains on the processor");
  if (name == "cuda" || (name == "auto" && torch::cuda::is_available())) {
    const auto index = rank.local_index % std::max<int64_t>(1, static_cast<int64_t>(torch::cuda::device_count()));
    return {torch::kCUDA, static_cast<torch::DeviceIndex>(index)};
  }
  if (name != "auto")
    throw host::Error(host::Exit::usage, "there is no device '" + name + "'", "auto, cpu and cuda are known");
  return torch::kCPU;
}

// A GPU is fed by one thread; a processor works on as many shares as it has cores.
int choose_worker_count(const Session& session, const torch::Device& device, const Rank& rank) {
  if (device.is_cuda()) return 1;
  const int all = host::choose_threads(session.threads);
  return session.threads > 0 ? all : std::max(1, all / rank.local_world);
}

int choose_shares(const Recipe& recipe, int threads, const Rank& rank) {
  const int shares = recipe.shares > 0 ? recipe.shares : threads * rank.world;
  if (shares < rank.world)
    throw host::Error(host::Exit::usage, "there are fewer shares than processes",
                      "--shares " + std::to_string(rank.world) +
                          " is the least for a new run; one that goes on can have as many processes as shares");
  return shares;
}

}  // namespace

Team::Team(const Recipe& recipe, const Session& session, const Rank& rank)
    : rank_(rank), device_(choose_device(session.device, rank_)) {
  const int threads = choose_worker_count(session, device_, rank_);
  shares_ = choose_shares(recipe, threads, rank_);
  own_shares_ = range_of(static_cast<size_t>(shares_), rank_.index, rank_.world);
  if (rank_.world > 1 && !recipe.time.empty())
    throw host::Error(host::Exit::usage, "--time is for one process: clocks of several do not agree",
                      "--max-minutes ends a training of several");
  const bool cpu = device_.is_cpu();
  if (cpu) nn::keep_memory();
  workers_ = std::make_unique<Workers>(std::min(threads, static_cast<int>(own_shares_.size())), [cpu] {
    if (cpu)
      use_single_thread();
    else
      flush_denormals(true);
  });
}

void Team::connect(double timeout_s) {
  if (rank_.world > 1) all_reduce_ = make_all_reduce(rank_, device_, timeout_s);
}

std::span<const int32_t> Team::rows_of_share(std::span<const int32_t> rows, size_t share) const {
  const Range part = range_of(rows.size(), static_cast<int>(own_shares_.first + share), shares_);
  return rows.subspan(part.first, part.size());
}

}  // namespace dimple::train
