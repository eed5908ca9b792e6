// A thread pool of fixed size in which the caller is one of the threads. A task runs once on each thread.
#pragma once
#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace dimple::train {

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

}  // namespace dimple::train
