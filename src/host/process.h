// Another program, run without a shell: its output, its exit code, and an end to waiting for it.
#pragma once
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/task.h"

namespace dimple::host {

struct ProcessOptions {
  std::chrono::milliseconds timeout = std::chrono::minutes(2);
  const Cancel* cancel = nullptr;         // stop waiting when it says so
  size_t output_limit = size_t{1} << 20;  // of each stream; what comes after is read and dropped
};

struct ProcessResult {
  int exit_code = 0;  // 128 + signal when a signal ended it
  bool timed_out = false;
  std::string out, err;
};

// The file that a command of this name would run, looked up in $PATH; a name with a slash is taken as it is.
std::optional<std::filesystem::path> find_program(std::string_view name);

// arguments[0] is the program. It and what it started are killed when the time is up. Throws Error when it cannot
// be started at all.
ProcessResult run_process(const std::vector<std::string>& arguments, const ProcessOptions& options = {});

}  // namespace dimple::host
