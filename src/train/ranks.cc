#include "train/ranks.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>

namespace dimple::train {
namespace {

std::optional<int> environment_number(const char* name) {
  const char* text = std::getenv(name);
  if (!text || !*text) return std::nullopt;
  const std::string value = text;
  int n = 0;
  const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), n);
  if (failure != std::errc{} || end != value.data() + value.size())
    throw host::Error(host::Exit::usage, std::string(name) + " is '" + value + "', which is no number",
                      "the starter of the processes sets it: torchrun, mpirun, srun");
  return n;
}

// The variables in which a starter of processes sets the same values.
struct Starter {
  const char *rank, *world, *local_rank, *local_world, *machines;
};
constexpr Starter kStarters[] = {
    {"RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE", nullptr},
    {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK", "OMPI_COMM_WORLD_LOCAL_SIZE",
     nullptr},
    {"SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "SLURM_LOCALID", "SLURM_NTASKS_PER_NODE", "SLURM_STEP_NUM_NODES"},
    {"SLURM_PROCID", "SLURM_NTASKS", "SLURM_LOCALID", "SLURM_NTASKS_PER_NODE", "SLURM_NNODES"},
};

bool is_here(const std::string& address) { return address == "localhost" || address.starts_with("127."); }

// How many of them are on this machine. Where no variable says so: all, unless rank 0 waits on a machine with a name.
int local_world_of(const Starter& s, int world) {
  if (const auto told = environment_number(s.local_world)) return *told;
  if (const auto machines = s.machines ? environment_number(s.machines) : std::nullopt; machines && *machines > 0)
    return (world + *machines - 1) / *machines;
  const char* address = std::getenv("MASTER_ADDR");
  return address && *address && !is_here(address) ? 1 : world;
}

}  // namespace

Rank rank_from_environment() {
  Rank rank;
  for (const Starter& s : kStarters) {
    const auto index = environment_number(s.rank), world = environment_number(s.world);
    if (!index || !world) continue;
    if (*world < 1 || *index < 0 || *index >= *world)
      throw host::Error(host::Exit::usage,
                        std::string(s.rank) + " is " + std::to_string(*index) + " in a world of " +
                            std::to_string(*world) + " (" + s.world + ")",
                        "ranks count from 0");
    rank.index = *index, rank.world = *world;
    rank.local_index = environment_number(s.local_rank).value_or(*index);
    rank.local_world = std::max(1, local_world_of(s, *world));
    break;
  }
  if (const char* address = std::getenv("MASTER_ADDR"); address && *address) {
    rank.address = address;
  } else if (rank.world > 1 && rank.local_world < rank.world) {
    throw host::Error(host::Exit::usage, "MASTER_ADDR is not set, and not all processes are on this machine",
                      "set it to the name of rank 0's machine");
  }
  const int port = environment_number("MASTER_PORT").value_or(rank.port);
  if (port < 1 || port > 65535)
    throw host::Error(host::Exit::usage, "MASTER_PORT is " + std::to_string(port), "ports are 1 to 65535");
  rank.port = static_cast<uint16_t>(port);
  return rank;
}

}  // namespace dimple::train
