// Several threads at one inference: each runs its share of a layer's rows, and all wait for one another behind it.
//
// Worth it for layers of some microseconds. Between layers a thread looks for work for a moment before it sleeps, so a
// crew keeps its cores busy while inferences follow each other.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "format/reader.h"
#include "host/aligned_bytes.h"
#include "kernels/select.h"
#include "runtime/dimple.h"

namespace dimple::inference {

class StepCrew {
 public:
  // `threads` in all, of which the caller of dimple_run is one. Throws host::Error(Exit::resources) where the system has
  // none left. Steps with little to do, and those whose output runs over their input, stay with the caller.
  StepCrew(const format::Program&, kernels::IsaSet, int threads);
  ~StepCrew();
  StepCrew(const StepCrew&) = delete;
  StepCrew& operator=(const StepCrew&) = delete;

  // From now on until the session is opened again. The crew outlives it.
  void serve(dimple_session&);

  // Steps that are shared; for tests and reports.
  int shared_steps() const;

 private:
  struct Step {
    bool shared = false, by_pixel = false;
    uint32_t scratch_bytes = 0;
  };
  struct Work {
    dimple_kernel_fn kernel = nullptr;
    DimpleCall call{};
    bool has_scratch = false;
  };

  static void on_step(void* self, uint32_t step, dimple_kernel_fn kernel, const DimpleCall* call);
  void run_share(int member) const;
  void work(int member);
  void stop();

  std::vector<Step> steps_;
  std::vector<host::AlignedBytes> scratch_;  // of each member
  Work work_;
  std::atomic<uint32_t> round_ = 0;  // rises when there is work
  std::atomic<int> done_ = 0;
  std::atomic<bool> over_ = false;
  std::vector<std::thread> members_;
};

}  // namespace dimple::inference
