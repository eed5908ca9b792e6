#include "workflow/signature.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <filesystem>

#include "host/error.h"
#include "host/files.h"
#include "host/process.h"
#include "inference/level.h"
#include "inference/opened_model.h"
#include "profile/emulator.h"

namespace dimple::workflow {
namespace {

using host::Error;
using host::Exit;
using Clock = std::chrono::steady_clock;

constexpr size_t kMaxMemoryBytes = size_t{1} << 30;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

MachineResult sign_here(std::span<const uint8_t> program, kernels::IsaSet isas) {
  const Span<const uint8_t> bytes(program.data(), program.size());
  const size_t need = selftest::signature_memory_bytes(bytes, isas);
  if (need > kMaxMemoryBytes) throw Error(Exit::resources, "the model asks for more than 1 GiB of arena");
  struct alignas(16) Block {
    uint8_t bytes[16];
  };
  std::vector<Block> memory(need / sizeof(Block) + 1);
  const auto start = Clock::now();
  MachineResult answer;
  answer.result = selftest::sign_machine(bytes, {memory.data()->bytes, memory.size() * sizeof(Block)}, isas);
  answer.seconds = seconds_since(start);
  answer.machine = profile::host_machine();
  answer.outcome = "ran";
  if (answer.result.status == Status::bad_argument) {
    throw Error(Exit::model, "only an integer model has a signature", "give an int8 model with --model");
  }
  if (answer.result.status != Status::ok) throw Error(Exit::model, describe(answer.result.status));
  return answer;
}

bool parse_value(std::string_view text, uint32_t& out) {
  return std::from_chars(text.data(), text.data() + text.size(), out).ec == std::errc();
}
bool parse_value(std::string_view text, uint64_t& out) {
  return std::from_chars(text.data(), text.data() + text.size(), out, 16).ec == std::errc();
}
bool parse_value(std::string_view text, Status& out) {
  uint32_t number = 0;
  const bool fine = parse_value(text, number);
  out = static_cast<Status>(number);
  return fine;
}

// The `name value` lines of the firmware (apps/firmware/signature). False when one is missing.
bool parse_result(const std::string& text, selftest::MachineSignature& result) {
  const std::string lines = "\n" + text;
  bool complete = true;
  selftest::MachineSignature::visit(result, [&](const char* name, auto& value) {
    const std::string key = fmt::format("\n{} ", name);
    const size_t at = lines.find(key), from = at + key.size();
    complete = complete && at != std::string::npos &&
               parse_value(std::string_view(lines).substr(from, lines.find('\n', from) - from), value);
  });
  return complete;
}

std::string why_failed(const host::ProcessResult& ran, const selftest::MachineSignature& result, bool complete) {
  if (ran.timed_out) return "no answer in time (--timeout-s)";
  if (complete && result.status != Status::ok) return describe(result.status);
  const std::string said = ran.err.substr(0, ran.err.find('\n'));
  return fmt::format("ended with exit code {}{}{}", ran.exit_code, said.empty() ? "" : ": ", said);
}

MachineResult sign_there(const target::Target& target, const profile::FirmwareRun& run) {
  MachineResult answer;
  answer.machine = target.machine;
  answer.emulator = target.emulator->command;
  answer.outcome = "skipped";
  if (!host::find_program(answer.emulator)) {
    answer.reason = fmt::format("{} is not installed (package {})", answer.emulator, target.emulator->package);
    return answer;
  }
  if (const auto image = profile::image_path(target, run); !host::file_exists(image)) {
    answer.reason =
        fmt::format("there is no {} (build the target `images`, or name its folder with --images)", image.string());
    return answer;
  }
  const auto start = Clock::now();
  const host::ProcessResult ran = profile::run_firmware(target, run);
  answer.seconds = seconds_since(start);
  const bool complete = parse_result(ran.out, answer.result);
  const bool fine = complete && ran.exit_code == 0 && answer.result.status == Status::ok;
  answer.outcome = fine ? "ran" : "failed";
  if (!fine) answer.reason = why_failed(ran, answer.result, complete);
  return answer;
}

// Compares every machine with this host.
void judge(SignatureReport& report) {
  report.equal = report.arena_exact = true;
  const selftest::MachineSignature& here = report.machines.front().result;
  for (const MachineResult& answer : report.machines) {
    if (answer.outcome == "skipped") continue;
    const selftest::MachineSignature& there = answer.result;
    report.equal = report.equal && answer.ran() && there.signature == here.signature && there.answers == here.answers &&
                   there.pictures == here.pictures && there.program_checksum == here.program_checksum;
    report.arena_exact = report.arena_exact && answer.ran() && answer.arena_exact();
  }
}

}  // namespace

std::string print_signature(uint64_t signature) { return fmt::format("{:016x}", signature); }

SignatureReport sign_program(std::span<const uint8_t> program, const SignatureRequest& request,
                             const host::Task& task) {
  SignatureReport report;
  report.model = request.model;
  report.program_bytes = program.size();
  report.machines.push_back(sign_here(program, inference::isas_up_to(request.isa)));
  if (request.all) {
    const profile::ProgramFile file(program);
    profile::FirmwareRun run;
    run.images = request.images.empty() ? DIMPLE_IMAGES : request.images;
    run.program = file.path();
    run.process.timeout = std::chrono::seconds(request.timeout_s);
    run.process.cancel = &task.cancel();
    const std::vector<target::Target> targets = profile::emulated_targets();
    task.progress().start(static_cast<int64_t>(targets.size()), "machines");
    for (const target::Target& target : targets) {
      report.machines.push_back(sign_there(target, run));
      if (task.cancelled()) throw host::Error(task.cancel_exit(), "stopped before all machines had run");
      task.progress().advance(1, target.machine);
    }
    task.progress().finish();
  }
  judge(report);
  return report;
}

SignatureReport signature(const SignatureRequest& request, const host::Task& task) {
  return sign_program(inference::open_model(request.model).program, request, task);
}

}  // namespace dimple::workflow
