#include "profile/count.h"

#include <fmt/format.h>

#include <chrono>
#include <sstream>

#include "host/aligned_bytes.h"
#include "host/error.h"
#include "host/files.h"
#include "profile/emulator.h"
#include "profile/host_time.h"

namespace dimple::profile {

using host::Error;
using host::Exit;

CountedNet count_instructions(const target::Target& target, const std::string& name, std::span<const uint8_t> program,
                              const std::filesystem::path& images, const host::Task& task) {
  task.stop_if_cancelled();
  if (!target.emulator) throw Error(Exit::usage, target.name + " has no emulator that counts instructions");
  const ProgramFile file(program);
  const FirmwareRun run{
      .firmware = "count", .images = images, .program = file.path(), .process = {.timeout = std::chrono::minutes(10)}};
  if (!host::file_exists(image_path(target, run)))
    throw Error(Exit::failed, fmt::format("there is no {}", image_path(target, run).string()),
                "build the target `images`");
  const host::ProcessResult ran = run_firmware(target, run);

  CountedNet net{.name = name, .steps = {}, .count = 0};
  const host::AlignedBytes bytes(std::vector<uint8_t>(program.begin(), program.end()));
  const std::vector<StepWork> steps = work_of_steps(format::view_program(bytes.data()), target.isas);
  std::istringstream words(ran.out);
  std::string word;
  double memory = 0;
  words >> word >> net.count >> word >> memory;
  double count = 0;
  for (const StepWork& step : steps) {
    if (!(words >> word >> count) || word != step.kernel)
      throw Error(Exit::failed,
                  fmt::format("{} on {}: no count of {} ({})", name, target.name, step.layer, step.kernel),
                  ran.out.substr(0, 200) + ran.err.substr(0, 200));
    net.steps.push_back({step, count});
  }
  if (net.count <= 0) throw Error(Exit::failed, target.name + " counts no instructions");
  return net;
}

CountedNet time_steps(kernels::IsaSet isas, const std::string& name, std::span<const uint8_t> program, double seconds,
                      const host::Task& task) {
  inference::OpenedModel model;
  model.name = name, model.program.assign(program.begin(), program.end());
  const HostTime time = measure_time(model, {.isas = isas, .threads = 1, .seconds = seconds}, task);
  CountedNet net{.name = name, .steps = {}, .count = 1000 * time.whole.p50_us};
  const host::AlignedBytes bytes(model.program);
  const std::vector<StepWork> steps = work_of_steps(format::view_program(bytes.data()), isas);
  for (size_t i = 0; i < steps.size(); ++i) net.steps.push_back({steps[i], 1000 * time.layers[i].p50_us});
  return net;
}

}  // namespace dimple::profile
