#include "tests/faults/run_with_fault.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace dimple::tests {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kPatience_s = 600;  // far more than any program takes here, on a busy machine too

void redirect(int stream, const fs::path& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (file < 0 || ::dup2(file, stream) < 0) ::_exit(126);
  ::close(file);
}

[[noreturn]] void become(const Program& program, const Fault& fault, const fs::path& count) {
  redirect(STDOUT_FILENO, program.folder.parent_path() / "out.txt");
  redirect(STDERR_FILENO, program.folder.parent_path() / "err.txt");
  ::setenv("LD_PRELOAD", DIMPLE_FAULTS, 1);
  ::setenv("FAULT_COUNT", count.c_str(), 1);
  ::setenv("FAULT_KIND", fault.kind.c_str(), 1);
  ::setenv("FAULT_AT", std::to_string(fault.at).c_str(), 1);
  ::setenv("FAULT_ERRNO", std::to_string(fault.number).c_str(), 1);
  if (fault.from_then_on) ::setenv("FAULT_FROM_THEN_ON", "1", 1);
  if (fault.signal != 0) ::setenv("FAULT_SIGNAL", std::to_string(fault.signal).c_str(), 1);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  std::vector<char*> words;
  for (const std::string& word : program.words) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::alarm(kPatience_s);  // outlives exec
  if (::chdir(program.folder.c_str()) == 0) ::execv(words[0], words.data());
  ::_exit(126);
}

}  // namespace

Ended run_with_fault(const Program& program, const Fault& fault) {
  const fs::path count = program.folder.parent_path() / "count.txt";
  fs::remove(count);
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no process can be started");
  if (child == 0) become(program, fault, count);
  int status = 0;
  if (::waitpid(child, &status, 0) != child) throw std::runtime_error("the program is lost");
  Ended ended;
  if (WIFEXITED(status)) ended.exit = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ended.signal = WTERMSIG(status);
  std::ifstream(count) >> ended.calls;
  return ended;
}

std::string describe(const Fault& fault) {
  if (fault.signal != 0)
    return fault.kind + " " + std::to_string(fault.at) + ", signal " + std::to_string(fault.signal);
  return fault.kind + " " + std::to_string(fault.at) + (fault.from_then_on ? " and all after it" : "") + ", errno " +
         std::to_string(fault.number);
}

}  // namespace dimple::tests
