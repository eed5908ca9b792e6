// The threads of a training: a pool of fixed size in which the caller is one of them, how work is divided among them,
// and libtorch on one thread. On a processor every worker computes alone: libtorch's own thread pool would spin beside
// the workers and slow them down.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace dimple::train {

struct Range {  // [first, last)
  size_t first, last;
  size_t size() const { return last - first; }
};

// Parts of nearly the same length.
inline Range range_of(size_t count, int part, int parts) {
  const auto p = static_cast<size_t>(part), n = static_cast<size_t>(parts);
  return {count * p / n, count * (p + 1) / n};
}

// A task runs once on each thread.
class Workers {
 public:
  // `begin` runs once on every thread but the caller's, before its first task.
  Workers(int count, std::function<void()> begin);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  int count() const { return static_cast<int>(threads_.size()) + 1; }
  // Runs task(worker) on every thread, the caller being worker 0. Returns when all are done; rethrows the first
  // failure.
  void run(const std::function<void(int)>& task);

 private:
  void join();
  void run_thread(int worker, const std::function<void()>& begin);
  void attempt(int worker, const std::function<void(int)>& task);

  std::mutex mutex_;
  std::condition_variable wake_, done_;
  const std::function<void(int)>* task_ = nullptr;
  std::atomic<uint64_t> round_ = 0;  // changed under the mutex, as the next two are
  std::atomic<int> running_ = 0;
  std::atomic<bool> stop_ = false;
  std::exception_ptr failure_;
  std::vector<std::thread> threads_;
};

// From now on, for the calling thread.
void use_single_thread();

// Fading gradients become denormal numbers, which are ten times slower. Every thread that makes batches or trains
// flushes them, so that all make the same bits.
void flush_denormals(bool on);

// The calling thread computes alone while the scope lives. A scope within another changes nothing.
class SingleThreadScope {
 public:
  explicit SingleThreadScope(bool wanted);
  ~SingleThreadScope();
  SingleThreadScope(const SingleThreadScope&) = delete;
  SingleThreadScope& operator=(const SingleThreadScope&) = delete;

 private:
  bool outermost_;
  int threads_before_;
};

}  // namespace dimple::train
