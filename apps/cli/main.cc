// dimple: every verb that needs no gradient. It starts in milliseconds; the others are in dimple-lab, to which it hands
// over.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

#include "host/error.h"
#include "host/files.h"
#include "verb.h"

namespace dimple::cli {

#define DIMPLE_VERB(name, ...) int run_##name(Invocation&);
#define DIMPLE_LAB_VERB(name, ...)
#include "verb_list.h"

namespace {

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

constexpr Verb kVerbs[] = {
#define DIMPLE_VERB(name, ...) {#name, __VA_ARGS__, run_##name},
#define DIMPLE_LAB_VERB(name, ...) {#name, __VA_ARGS__, run_in_lab},
#include "verb_list.h"
};

}  // namespace

std::span<const Verb> verbs() { return kVerbs; }

}  // namespace dimple::cli

int main(int argc, char** argv) { return dimple::cli::run_command_line(dimple::cli::verbs(), argc, argv); }
