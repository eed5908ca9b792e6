#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

#include "host/error.h"
#include "host/files.h"
#include "verb.h"

namespace dimple::cli {

int run_in_lab(Invocation& call) {
  const std::string lab = (host::program_folder() / "dimple-lab").string();
  std::vector<std::string> words{lab, call.verb().name};
  words.insert(words.end(), call.words().begin(), call.words().end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::execv(lab.c_str(), argv.data());
  const int problem = errno;
  if (problem == ENOENT) {
    throw host::Error(
        host::Exit::failed, fmt::format("`{}` needs dimple-lab, which is not built here", words[1]),
        fmt::format("./dimple {} builds it; by hand: cmake --preset lab && ninja -C build/lab", words[1]));
  }
  throw host::Error(host::Exit::failed, fmt::format("cannot run {}: {}", lab, host::describe_errno(problem)));
}

}  // namespace dimple::cli
