// dimple signature: one hash that says what an integer program computes, here and on every machine that can be
// emulated, and one that says what faces it reads there.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "host/task.h"
#include "selftest/machine_signature.h"

namespace dimple::workflow {

struct SignatureRequest {
  std::string model = "dimple-nano";
  bool all = false;
  std::string images;
  int timeout_s = 300;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("model", self.model, "the integer model to sign: a shipped one, a model file, a program (.dimple)");
    f("all", self.all, "also run every machine whose emulator is installed");
    f("images", self.images, "folder with the machines' images; else that of the build");
    f("timeout_s", self.timeout_s, "seconds that one machine may take");
  }
};

struct MachineRow {
  std::string machine, emulator;
  std::string outcome;  // "ran", "skipped" (nothing was learnt), "failed" (it ran and did not get to a signature)
  std::string reason;   // why it was skipped or failed, and what to do about it
  double seconds = 0;
  selftest::MachineSignature result;

  bool ran() const { return outcome == "ran"; }
  bool arena_exact() const { return result.arena_used == result.arena_planned && result.guard_changed == 0; }
};

struct SignatureReport {
  std::string model;
  uint64_t program_bytes = 0;
  std::vector<MachineRow> rows;  // the first is this host
  bool equal = false;  // no machine failed, and all that ran have one signature and the same answers, of one program
  bool arena_exact = false;  // on each that ran: planned = used, and nothing outside touched

  bool passed() const { return equal && arena_exact; }  // else exit code 6
  uint64_t signature() const { return rows.empty() ? 0 : rows.front().result.signature; }
  uint64_t answers() const { return rows.empty() ? 0 : rows.front().result.answers; }
};

// Either hash: "30c6cfa7fb3278af".
std::string print_signature(uint64_t signature);

// Throws host::Error(Exit::model) for a program that is invalid or not an integer one.
SignatureReport sign_program(std::span<const uint8_t> program, const SignatureRequest&, const host::Task&);

// The same for the model that the request names.
SignatureReport signature(const SignatureRequest&, const host::Task&);

}  // namespace dimple::workflow
