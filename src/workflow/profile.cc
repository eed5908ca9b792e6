#include "workflow/profile.h"

#include <filesystem>

#include "compile/lower.h"
#include "host/error.h"
#include "profile/estimate.h"
#include "workflow/open_network.h"

namespace dimple::workflow {
namespace {

profile::NetworkProfile profile_one(const std::string& name, const ProfileRequest& request, const host::Task& task) {
  inference::OpenedModel model = open_network({name, request.precision, request.input});
  const target::Target target = target::find_target(request.target.empty() ? "host" : request.target);
  if (!target.here) return profile::profile_on(model, target);
  if (model.program.empty()) model.program = compile::plan(*model.graph);
  if (request.seconds == 0 && !profile::estimates_time(target))
    throw host::Error(host::Exit::usage, "without a measurement there is no time of this machine to tell",
                      profile::how_estimated(target));
  return profile::profile_here(model, target, request.seconds, task);
}

}  // namespace

ProfileReport profile_models(const ProfileRequest& request, const host::Task& task) {
  if (request.models.size() > 2) throw host::Error(host::Exit::usage, "profile takes one model, or two to compare");
  if (!(request.seconds >= 0 && request.seconds <= 3600))
    throw host::Error(host::Exit::usage, "--seconds must be 0 to 3600");
  ProfileReport report;
  report.profile = profile_one(request.models.empty() ? "dimple-nano" : request.models[0], request, task);
  if (request.models.size() == 2) report.beside = profile_one(request.models[1], request, task);
  if (!request.out.empty()) {
    const std::filesystem::path out = request.out;
    if (report.beside) {
      profile::write_profile((out / "1").string(), report.profile);
      profile::write_profile((out / "2").string(), *report.beside);
    } else {
      profile::write_profile(request.out, report.profile);
    }
  }
  return report;
}

}  // namespace dimple::workflow
