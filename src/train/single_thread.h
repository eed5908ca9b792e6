// libtorch on one thread. On a processor every worker computes alone: libtorch's own thread pool would spin beside the
// workers and slow them down.
#pragma once

namespace dimple::train {

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
