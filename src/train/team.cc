#include "train/team.h"

#include <algorithm>

#include "host/error.h"
#include "host/processor.h"
#include "nn/memory.h"
#include "train/single_thread.h"

namespace dimple::train {
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

Team::Team(const Recipe& recipe, const Session& session)
    : rank_(rank_from_environment()), device_(choose_device(session.device, rank_)) {
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
