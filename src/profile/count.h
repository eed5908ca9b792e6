// What a program's steps take: instructions on a chip's emulator, by the firmware `count`, or nanoseconds on this machine.
#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "host/task.h"
#include "profile/step_work.h"
#include "target/target.h"

namespace dimple::profile {

struct CountedStep {
  StepWork work;
  double count = 0;  // instructions or nanoseconds
};

struct CountedNet {
  std::string name;
  std::vector<CountedStep> steps;
  double count = 0;  // of an inference without a trace
};

// The program was planned for this target, without stripes: those run as one step. Throws host::Error(Exit::failed) when
// the emulator or its image is missing, or tells no count.
CountedNet count_instructions(const target::Target&, const std::string& name, std::span<const uint8_t> program,
                              const std::filesystem::path& images, const host::Task&);

// The program is one for every machine; this one has these instruction sets.
CountedNet time_steps(kernels::IsaSet, const std::string& name, std::span<const uint8_t> program, double seconds,
                      const host::Task&);

}  // namespace dimple::profile
