#include "workflow/doctor.h"

#include <fmt/format.h>

#include <thread>

#include "detect/finder.h"
#include "host/error.h"
#include "host/files.h"
#include "host/process.h"
#include "inference/level.h"
#include "inference/opened_model.h"
#include "media/caged_decoder.h"
#include "model/store.h"
#include "profile/emulator.h"

namespace dimple::workflow {
namespace {

Finding look_for_finder(const std::string& name, bool needed) {
  Finding finding{"finder " + name, false, needed, ""};
  try {
    finding.detail = detect::make_finder({.name = name})->describe();
    finding.fine = true;
  } catch (const host::Error& error) {
    finding.detail = error.hint().empty() ? error.what() : fmt::format("{} ({})", error.what(), error.hint());
  }
  return finding;
}

Finding look_at_model(const std::string& name) {
  Finding finding{"model " + name, false, true, ""};
  try {
    const inference::OpenedModel opened = inference::open_model(name);
    finding.detail = fmt::format("{} labels, program of {} bytes", opened.labels.size(), opened.program.size());
    finding.fine = true;
  } catch (const host::Error& error) {
    finding.detail = error.what();
  }
  return finding;
}

// What kernels are chosen for; --isa asks for less.
Finding look_for_level(const std::string& asked) {
  const std::string level = kernels::name_of(level_of(inference::isas_up_to(asked)));
  const std::string why = asked.empty() ? "the best that this processor has" : "as asked with --isa";
  return {"instructions", true, true, fmt::format("{}, {}: {}", level, why, fmt::join(inference::levels_here(), ", "))};
}

Finding look_for_cage(bool wanted) {
  const media::CagedDecoder decoder({.cage = wanted});
  return {"decoder cage", decoder.caged(), false, decoder.describe()};
}

}  // namespace

DoctorReport doctor(const DoctorRequest& request) {
  DoctorReport report;
  const auto add = [&](Finding finding) { report.findings.push_back(std::move(finding)); };
  add({"machine", true, true,
       fmt::format("{}, {} threads", profile::host_machine(), std::max(1u, std::thread::hardware_concurrency()))});
  add(look_for_level(request.isa));
  add(look_for_cage(request.cage));  // the finders below may start threads
  const std::vector<std::string> names = model::stored_models();
  if (names.empty()) add({"models", false, true, "none was built into this program"});
  for (const std::string& name : names) add(look_at_model(name));
  add(look_for_finder("auto", true));
  for (const char* name : detect::kFinderNames) {
    if (std::string_view(name) != "auto") add(look_for_finder(name, false));
  }
  const std::filesystem::path folder =
      request.programs.empty() ? host::program_folder() : std::filesystem::path(request.programs);
  const bool lab = host::file_exists(folder / "dimple-lab");
  add({"dimple-lab", lab, false,
       lab ? "for train and other verbs that need gradients"
           : "not built; only verbs that need gradients need it (./dimple train builds it)"});
  for (const target::Target& target : profile::emulated_targets()) {
    const target::Emulator& emulator = *target.emulator;
    const bool found = host::find_program(emulator.command).has_value();
    add({fmt::format("emulator {}", emulator.command), found, false,
         found ? target.about : fmt::format("not installed (package {}); for signature --all", emulator.package)});
  }
  return report;
}

}  // namespace dimple::workflow
