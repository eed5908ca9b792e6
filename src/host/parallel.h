// Pieces of work that do not depend on each other, by several threads.
#pragma once
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "host/task.h"

namespace dimple::host {

// Thread t calls worker_of(t) once, and what that returns with the number of each piece it takes; progress advances by one
// a piece. Ends early when a signal has come, which the caller asks the task about. The first exception of a thread ends
// the others, and is thrown when all have ended, as is that of a thread that could not be started.
template <class WorkerOf>
void in_parallel(size_t count, int threads, const Task& task, WorkerOf&& worker_of) {
  std::atomic<size_t> next = 0;
  std::atomic<bool> failed = false;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto run = [&](int t) {
    try {
      auto&& work = worker_of(t);
      for (size_t i; !failed && !task.signalled() && (i = next++) < count;) {
        work(i);
        const std::lock_guard lock(mutex);
        task.progress().advance();
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failed.exchange(true)) failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> workers;  // joined in any case, also when the machine has no thread left to give
    for (int t = 0; t < threads; ++t) workers.emplace_back(run, t);
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace dimple::host
