#include "train/workers.h"

#include <chrono>

#include "nn/torch.h"

namespace dimple::train {
namespace {

// The next step follows at once, and falling asleep would cost more than a short wait.
template <class Ready>
void spin_briefly(const Ready& ready) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(1);
  while (!ready() && std::chrono::steady_clock::now() < until) std::this_thread::yield();
}

thread_local bool in_single_thread_scope = false;

}  // namespace

Workers::Workers(int count, std::function<void()> begin) {
  try {
    for (int w = 1; w < count; ++w) threads_.emplace_back([this, w, begin] { run_thread(w, begin); });
  } catch (...) {  // the machine gives no more threads; those that run must end before they are forgotten
    join();
    throw;
  }
}

Workers::~Workers() { join(); }

void Workers::join() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  for (std::thread& t : threads_) t.join();
}

void Workers::run(const std::function<void(int)>& task) {
  {
    const std::lock_guard lock(mutex_);
    task_ = &task;
    running_ = count() - 1;
    failure_ = nullptr;
    ++round_;
  }
  wake_.notify_all();
  attempt(0, task);
  const auto done = [this] { return running_ == 0; };
  spin_briefly(done);
  std::unique_lock lock(mutex_);
  done_.wait(lock, done);
  if (failure_) std::rethrow_exception(failure_);
}

void Workers::attempt(int worker, const std::function<void(int)>& task) {
  try {
    task(worker);
  } catch (...) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
  }
}

void Workers::run_thread(int worker, const std::function<void()>& begin) {
  begin();
  uint64_t seen = 0;
  while (true) {
    const auto called = [&] { return stop_ || round_ != seen; };
    spin_briefly(called);
    const std::function<void(int)>* task;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, called);
      if (stop_) return;
      seen = round_;
      task = task_;
    }
    attempt(worker, *task);
    const std::lock_guard lock(mutex_);
    if (--running_ == 0) done_.notify_all();
  }
}

void flush_denormals(bool on) { at::globalContext().setFlushDenormal(on); }

void use_single_thread() {
  torch::set_num_threads(1);
  flush_denormals(true);
}

SingleThreadScope::SingleThreadScope(bool wanted)
    : outermost_(wanted && !in_single_thread_scope), threads_before_(torch::get_num_threads()) {
  if (!outermost_) return;
  in_single_thread_scope = true;
  use_single_thread();
}

SingleThreadScope::~SingleThreadScope() {
  if (!outermost_) return;
  in_single_thread_scope = false;
  torch::set_num_threads(threads_before_);
  flush_denormals(false);
}

}  // namespace dimple::train
