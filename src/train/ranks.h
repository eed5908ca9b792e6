// Several processes that train together, called ranks: which of them this one is. The program asks the environment
// once, at its edge; from there a rank is an argument.
#pragma once
#include <cstdint>
#include <string>

#include "host/error.h"

namespace dimple::train {

struct Rank {
  int index = 0, world = 1;              // of all processes
  int local_index = 0, local_world = 1;  // of those on this machine
  std::string address = "127.0.0.1";     // where rank 0 waits for the others
  uint16_t port = 29500;

  bool leads() const { return index == 0; }  // it alone reports, and writes files
};

// RANK and WORLD_SIZE (torchrun), OMPI_COMM_WORLD_RANK and _SIZE (mpirun), SLURM_PROCID and SLURM_STEP_NUM_TASKS or
// SLURM_NTASKS (srun), in this order; MASTER_ADDR and MASTER_PORT with each. Nothing set: a world of one. Throws
// host::Error(Exit::usage) for values that make no sense.
Rank rank_from_environment();

// Another process has gone, or did not answer in time.
struct RankLost : host::Error {
  using host::Error::Error;
};

}  // namespace dimple::train
