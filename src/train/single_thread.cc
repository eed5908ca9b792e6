#include "train/single_thread.h"

#include "nn/torch.h"

namespace dimple::train {
namespace {

thread_local bool in_single_thread_scope = false;

}  // namespace

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
