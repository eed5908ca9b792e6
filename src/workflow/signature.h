// dimple signature: one hash that says what an integer program computes, here and on every machine that can be
// emulated, and one that says what faces it reads there.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/document.h"
#include "host/task.h"
#include "inference/level.h"
#include "selftest/machine_signature.h"

namespace dimple::workflow {

struct SignatureRequest {
  std::string model = "dimple-nano";
  bool all = false;
  std::string isa, images;
  int timeout_s = 300;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("model", self.model, "the integer model to sign: a shipped one, a model file, a program (.dimple)");
    f("all", self.all, "also run every machine whose emulator is installed");
    f("isa", self.isa, inference::kIsaHelp);
    f("images", self.images, "folder with the machines' images; else that of the build");
    f("timeout_s", self.timeout_s, "seconds that one machine may take");
  }
};

// Either hash: "30c6cfa7fb3278af".
std::string print_signature(uint64_t signature);

struct MachineResult {
  std::string machine, emulator;
  std::string outcome;  // "ran", "skipped" (it could not run), "failed" (it ran and gave no signature)
  std::string reason;   // why it was skipped or failed, and what to do about it
  double seconds = 0;
  selftest::MachineSignature result;

  bool ran() const { return outcome == "ran"; }
  bool arena_exact() const { return result.arena_used == result.arena_planned && result.guard_changed == 0; }

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    const auto of_a_run = [&](const auto& value) { return self.ran() ? std::optional(value) : std::nullopt; };
    f("machine", self.machine, "this host or an emulated chip");
    f("outcome", self.outcome, "ran, skipped or failed");
    f("reason", self.reason, "why it was skipped or failed, and what to do about it");
    f("signature", of_a_run(print_signature(self.result.signature)), "16 hexadecimal digits");
    f("answers", of_a_run(print_signature(self.result.answers)), "the same of what faces read");
    f("arena_planned", of_a_run(self.result.arena_planned), "bytes, as the program says");
    f("arena_used", of_a_run(self.result.arena_used), "bytes that the kernels were given");
    f("guard_changed", of_a_run(self.result.guard_changed), "bytes around the arena that were overwritten");
    f("pictures", of_a_run(self.result.pictures), "that were read");
    f("steps", of_a_run(self.result.steps), "of the program");
    f("own_steps", of_a_run(self.result.own_steps), "run by kernels of the machine's own instruction sets");
    f("seconds", self.seconds, "for all of them");
  }
};

struct SignatureReport {
  std::string model;
  uint64_t program_bytes = 0;
  std::vector<MachineResult> machines;  // the first is this host
  bool equal = false;
  bool arena_exact = false;

  bool passed() const { return equal && arena_exact; }  // else exit code 6
  uint64_t signature() const { return machines.empty() ? 0 : machines.front().result.signature; }
  uint64_t answers() const { return machines.empty() ? 0 : machines.front().result.answers; }

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("model", self.model, "as it was named");
    f("signature", print_signature(self.signature()), "of this host, 16 hexadecimal digits");
    f("answers", print_signature(self.answers()), "the same of what faces read");
    f("program_bytes", self.program_bytes, "the planned program");
    f("equal", self.equal,
      "no machine failed, and all that ran have one signature and the same answers, of one program");
    f("arena_exact", self.arena_exact, "each that ran used the planned arena and nothing around it");
    f("machines", self.machines, "this host, then the emulated ones");
  }
};

// Throws host::Error(Exit::model) for a program that is invalid or not an integer one.
SignatureReport sign_program(std::span<const uint8_t> program, const SignatureRequest&, const host::Task&);

// The same for the model that the request names.
SignatureReport signature(const SignatureRequest&, const host::Task&);

}  // namespace dimple::workflow
