// Inside host/cage: what its processes say to each other, and what runs in the two that it forks.
#pragma once
#include <signal.h>
#include <sys/types.h>

#include <cstdint>

#include "host/cage.h"

namespace dimple::host {

struct CageOrder {
  uint64_t number, question_bytes;
};

// From the worker, or about it from the keeper. The reader believes neither.
struct CageNote {
  enum Kind : uint32_t { ready, refused, answered, died, unknown };
  uint32_t kind;
  int32_t detail;       // refused: errno; died: the status of wait()
  uint64_t number = 0;  // answered: of the order
  uint64_t bytes = 0;   // answered: of the answer
};

// The keeper is told by this signal which worker to end: real-time ones queue up, others merge with those before them.
inline int word_to_keeper() { return SIGRTMIN; }
constexpr int kEndOfCage = 0;  // whichever it is, and the keeper as well

struct CageInside {
  CagedTask task;
  CageLimits limits;
  uint8_t* memory;
  int socket;
};

// The keeper's life. `parent` is the process that forked it.
[[noreturn]] void keep_cage(const CageInside& inside, pid_t parent);

}  // namespace dimple::host
