// A fixed crew of threads that all do the same thing on their own share, and meet again.
#pragma once
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace dimple::train {

class Workers {
 public:
  // `begin` runs once on every thread before its first task.
  Workers(int count, std::function<void()> begin);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  int count() const { return static_cast<int>(threads_.size()); }
  // task(worker) on every thread; returns when all are done, and throws what the first failing one threw.
  void run(const std::function<void(int)>& task);

 private:
  void live(int worker, const std::function<void()>& begin);

  std::mutex mutex_;
  std::condition_variable wake_, done_;
  const std::function<void(int)>* task_ = nullptr;
  uint64_t round_ = 0;
  int running_ = 0;
  bool stop_ = false;
  std::exception_ptr failure_;
  std::vector<std::thread> threads_;
};

// The share of `count` items that worker `worker` of `workers` takes: [first, last).
struct Share {
  size_t first, last;
};
inline Share share_of(size_t count, int worker, int workers) {
  const size_t w = static_cast<size_t>(worker), n = static_cast<size_t>(workers);
  return {count * w / n, count * (w + 1) / n};
}

}  // namespace dimple::train
