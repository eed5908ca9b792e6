#include "train/workers.h"

namespace dimple::train {

Workers::Workers(int count, std::function<void()> begin) {
  for (int w = 0; w < count; ++w) threads_.emplace_back([this, w, begin] { live(w, begin); });
}

Workers::~Workers() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  for (std::thread& t : threads_) t.join();
}

void Workers::run(const std::function<void(int)>& task) {
  std::unique_lock lock(mutex_);
  task_ = &task;
  running_ = count();
  failure_ = nullptr;
  ++round_;
  wake_.notify_all();
  done_.wait(lock, [this] { return running_ == 0; });
  if (failure_) std::rethrow_exception(failure_);
}

void Workers::live(int worker, const std::function<void()>& begin) {
  begin();
  uint64_t seen = 0;
  while (true) {
    const std::function<void(int)>* task;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stop_ || round_ != seen; });
      if (stop_) return;
      seen = round_;
      task = task_;
    }
    std::exception_ptr failure;
    try {
      (*task)(worker);
    } catch (...) {
      failure = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    if (failure && !failure_) failure_ = failure;
    if (--running_ == 0) done_.notify_all();
  }
}

}  // namespace dimple::train
