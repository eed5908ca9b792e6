#include "workflow/signature.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <filesystem>

#include "host/error.h"
#include "host/files.h"
#include "host/process.h"
#include "inference/opened_model.h"
#include "profile/emulator.h"

namespace dimple::workflow {
namespace {

using host::Error;
using host::Exit;
using Clock = std::chrono::steady_clock;

constexpr size_t kMostMemoryBytes = size_t{1} << 30;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// The program where the emulators can read it, gone when the run is over.
class ProgramFile {
 public:
  explicit ProgramFile(std::span<const uint8_t> program) {
    std::string pattern = (std::filesystem::temp_directory_path() / "dimple-signature-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
      throw Error(Exit::resources, "cannot make a folder in " + std::filesystem::temp_directory_path().string());
    }
    folder_ = pattern;
    host::write_atomic(path(), program);
  }
  ProgramFile(const ProgramFile&) = delete;
  ProgramFile& operator=(const ProgramFile&) = delete;
  ~ProgramFile() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::filesystem::path path() const { return folder_ / "program.dimple"; }

 private:
  std::filesystem::path folder_;
};

MachineRow sign_here(std::span<const uint8_t> program) {
  const Span<const uint8_t> bytes(program.data(), program.size());
  const size_t need = selftest::signature_memory_bytes(bytes);
  if (need > kMostMemoryBytes) throw Error(Exit::resources, "the model asks for more than 1 GiB of arena");
  struct alignas(16) Block {
    uint8_t bytes[16];
  };
  std::vector<Block> memory(need / sizeof(Block) + 1);
  const auto start = Clock::now();
  MachineRow row;
  row.result = selftest::sign_machine(bytes, {memory.data()->bytes, memory.size() * sizeof(Block)});
  row.seconds = seconds_since(start);
  row.machine = profile::host_machine();
  row.outcome = "ran";
  if (row.result.status == Status::bad_argument) {
    throw Error(Exit::model, "only an integer model has a signature", "give an int8 model with --model");
  }
  if (row.result.status != Status::ok) throw Error(Exit::model, describe(row.result.status));
  return row;
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

MachineRow sign_there(const profile::Machine& machine, const profile::FirmwareRun& run) {
  MachineRow row;
  row.machine = machine.name;
  row.emulator = machine.emulator;
  row.outcome = "skipped";
  if (!host::find_program(machine.emulator)) {
    row.reason = fmt::format("{} is not installed (package {})", machine.emulator, machine.package);
    return row;
  }
  if (const auto image = profile::image_path(machine, run); !host::file_exists(image)) {
    row.reason =
        fmt::format("there is no {} (build the target `images`, or name its folder with --images)", image.string());
    return row;
  }
  const auto start = Clock::now();
  const host::ProcessResult ran = profile::run_firmware(machine, run);
  row.seconds = seconds_since(start);
  const bool complete = parse_result(ran.out, row.result);
  const bool fine = complete && ran.exit_code == 0 && row.result.status == Status::ok;
  row.outcome = fine ? "ran" : "failed";
  if (!fine) row.reason = why_failed(ran, row.result, complete);
  return row;
}

// Compares every machine with this host.
void judge(SignatureReport& report) {
  report.equal = report.arena_exact = true;
  const selftest::MachineSignature& here = report.rows.front().result;
  for (const MachineRow& row : report.rows) {
    if (row.outcome == "skipped") continue;
    const selftest::MachineSignature& there = row.result;
    report.equal = report.equal && row.ran() && there.signature == here.signature && there.answers == here.answers &&
                   there.pictures == here.pictures && there.program_checksum == here.program_checksum;
    report.arena_exact = report.arena_exact && row.ran() && row.arena_exact();
  }
}

}  // namespace

std::string print_signature(uint64_t signature) { return fmt::format("{:016x}", signature); }

SignatureReport sign_program(std::span<const uint8_t> program, const SignatureRequest& request,
                             const host::Task& task) {
  SignatureReport report;
  report.model = request.model;
  report.program_bytes = program.size();
  report.rows.push_back(sign_here(program));
  if (request.all) {
    const ProgramFile file(program);
    profile::FirmwareRun run;
    run.images = request.images.empty() ? DIMPLE_IMAGES : request.images;
    run.program = file.path();
    run.process.timeout = std::chrono::seconds(request.timeout_s);
    run.process.cancel = &task.cancel();
    task.progress().start(static_cast<int64_t>(profile::machines().size()), "machines");
    for (const profile::Machine& machine : profile::machines()) {
      report.rows.push_back(sign_there(machine, run));
      if (task.cancelled()) throw host::Error(task.cancel_exit(), "stopped before all machines had run");
      task.progress().advance(1, machine.name);
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
