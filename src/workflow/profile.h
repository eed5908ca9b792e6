// dimple profile: what a network asks of a machine, layer by layer: weights, work, memory in use, and time.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "host/document.h"
#include "host/task.h"
#include "profile/network_profile.h"

namespace dimple::workflow {

struct ProfileRequest {
  std::vector<std::string> models;
  std::string target, precision = "int8", input, out;
  double seconds = 0.5;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("models", self.models,
      "one or two: a shipped model, a .safetensors file, a .dimple program, or an architecture with random weights");
    f("target", self.target,
      "a name in targets/ or a target.json: its plan, and estimates from what its kernels are known to take "
      "(default: host, this machine, which is measured as well)");
    f("precision", self.precision, "of an architecture: int8 or f32");
    f("input", self.input, "of an architecture, HEIGHTxWIDTHxCHANNELS (default: its own)");
    f("seconds", self.seconds, "to run it for on this machine, and as long again for its layers; 0: estimates alone");
    f("out", self.out, "folder for profile.csv and profile.svg");
  }
};

struct ProfileReport {
  profile::NetworkProfile profile;
  std::optional<profile::NetworkProfile> beside;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    profile::NetworkProfile::visit(self.profile, f);
    f("beside", self.beside, "the same of the second model");
  }
};

ProfileReport profile_models(const ProfileRequest&, const host::Task&);

}  // namespace dimple::workflow
