#include "train/loader.h"

#include <algorithm>
#include <utility>

#include "train/workers.h"

namespace dimple::train {

Loader::Loader(const BatchMaker& maker, int threads, size_t shares) : maker_(maker), buffers_(shares) {
  try {
    for (int t = 0; t < threads; ++t) threads_.emplace_back([this] { run_thread(); });
  } catch (...) {  // the machine gives no more threads; those that run must end before they are forgotten
    join();
    throw;
  }
}

Loader::~Loader() { join(); }

void Loader::join() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wanted_.notify_all();
  for (std::thread& t : threads_) t.join();
}

void Loader::announce(size_t share, std::span<const int32_t> rows, int epoch) {
  if (threads_.empty() || rows.empty()) return;
  {
    std::unique_lock lock(mutex_);
    DoubleBuffer& buffer = buffers_[share];
    ready_.wait(lock, [&] { return buffer.state != State::making; });
    buffer.rows = rows, buffer.epoch = epoch, buffer.state = State::wanted;
  }
  wanted_.notify_one();
}

void Loader::cancel() {
  std::unique_lock lock(mutex_);
  for (DoubleBuffer& buffer : buffers_) {
    ready_.wait(lock, [&] { return buffer.state != State::making; });
    buffer.state = State::idle;
  }
}

Batch& Loader::take(size_t share, std::span<const int32_t> rows, int epoch) {
  DoubleBuffer& buffer = buffers_[share];
  std::unique_lock lock(mutex_);
  const bool announced = buffer.state != State::idle && buffer.rows.data() == rows.data() &&
                         buffer.rows.size() == rows.size() && buffer.epoch == epoch;
  // A batch that no thread has begun is made here sooner than one of them would wake up.
  if (!announced || buffer.state == State::wanted) {
    ready_.wait(lock, [&] { return buffer.state != State::making; });
    buffer.state = State::idle;
    lock.unlock();
    maker_.make(rows, epoch, buffer.current);
    return buffer.current;
  }
  ready_.wait(lock, [&] { return buffer.state == State::ready; });
  buffer.state = State::idle;
  if (buffer.failure) std::rethrow_exception(std::exchange(buffer.failure, nullptr));
  std::swap(buffer.current, buffer.next);
  return buffer.current;
}

void Loader::run_thread() {
  flush_denormals(true);  // as the workers do: every thread makes the same bits
  std::unique_lock lock(mutex_);
  while (true) {
    const auto buffer =
        std::find_if(buffers_.begin(), buffers_.end(), [](const DoubleBuffer& b) { return b.state == State::wanted; });
    if (stop_) return;
    if (buffer == buffers_.end()) {
      wanted_.wait(lock);
      continue;
    }
    buffer->state = State::making;
    const auto rows = buffer->rows;
    const int epoch = buffer->epoch;
    lock.unlock();
    std::exception_ptr failure;
    try {
      maker_.make(rows, epoch, buffer->next);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    buffer->failure = failure, buffer->state = State::ready;
    ready_.notify_all();
  }
}

}  // namespace dimple::train
