// Makes the batches of the next step in the background. A batch follows from its rows and the epoch alone, so only the
// time at which it is made changes. Useful with a GPU, or where cores are to spare beside the workers.
#pragma once
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "train/batches.h"

namespace dimple::train {

class Loader {
 public:
  // One batch per share and step. Without threads take() makes it.
  Loader(const BatchMaker& maker, int threads, size_t shares);
  ~Loader();
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  // Announces the next take(share). The rows must stay in memory until then, or until cancel().
  void announce(size_t share, std::span<const int32_t> rows, int epoch);
  // Withdraws all announcements; returns when no thread reads their rows any more.
  void cancel();
  // The batch of these rows, valid until the next take(share). One thread at a time may use a share.
  Batch& take(size_t share, std::span<const int32_t> rows, int epoch);

 private:
  enum class State { idle, wanted, making, ready };
  struct DoubleBuffer {  // of a share
    std::span<const int32_t> rows;
    int epoch = 0;
    State state = State::idle;
    Batch next, current;
    std::exception_ptr failure;  // why `next` could not be made; for take()
  };
  void run_thread();
  void join();

  const BatchMaker& maker_;
  std::mutex mutex_;
  std::condition_variable wanted_, ready_;
  std::vector<DoubleBuffer> buffers_;  // per share
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace dimple::train
