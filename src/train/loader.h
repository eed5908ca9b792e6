// The batches of the next step, made while this one is worked on. Only when they are made changes, not what is in them:
// a batch follows from its rows and the epoch alone. Of use where cores are to spare beside the workers, or a GPU
// works.
#pragma once
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "train/batches.h"

namespace dimple::train {

class Loader {
 public:
  // One batch per share and step. No threads: made when asked for, by whoever asks.
  Loader(const BatchMaker& maker, int threads, size_t shares);
  ~Loader();
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  // What take(share) will be asked for next. The rows must stay where they are until then, or until forget().
  void announce(size_t share, std::span<const int32_t> rows, int epoch);
  // Nothing is announced any more, and no row that was is still looked at.
  void forget();
  // The batch of these rows; `share` may be asked for by one thread at a time, and keeps its batch until it asks again.
  Batch& take(size_t share, std::span<const int32_t> rows, int epoch);

 private:
  enum class State { none, wanted, making, ready };
  struct Slot {
    std::span<const int32_t> rows;
    int epoch = 0;
    State state = State::none;
    Batch next, current;
  };
  void live();

  const BatchMaker& maker_;
  std::mutex mutex_;
  std::condition_variable wanted_, ready_;
  std::vector<Slot> slots_;  // per share
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace dimple::train
