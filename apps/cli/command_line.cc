#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <new>

#include "help.h"
#include "host/error.h"
#include "host/suggest.h"
#include "host/task.h"
#include "verb.h"
#include "version.h"

namespace dimple::cli {

using host::Error;
using host::Exit;

namespace {

int report(const Error& error) {
  const host::Terminal terminal = host::inspect_terminal(2);
  std::fflush(stdout);
  fmt::print(stderr, "{} {}\n", styled(terminal, host::Style::red, "dimple:"), error.what());
  if (!error.hint().empty()) fmt::print(stderr, "  {}\n", styled(terminal, host::Style::dim, error.hint()));
  return static_cast<int>(error.exit());
}

const Verb& find_verb(std::span<const Verb> verbs, const std::string& name) {
  std::vector<std::string> names;
  for (const Verb& verb : verbs) {
    if (name == verb.name) return verb;
    names.emplace_back(verb.name);
  }
  if (name.starts_with("-")) throw Error(Exit::usage, fmt::format("there is no flag {}", name), "try dimple --help");
  throw Error(Exit::usage, fmt::format("there is no verb `{}`", name),
              host::did_you_mean(name, names, "dimple --help lists them"));
}

int dispatch(std::span<const Verb> verbs, const std::vector<std::string>& words, const host::Cancel& cancel) {
  const host::Terminal terminal = host::inspect_terminal(1);
  if (words.empty()) {
    std::fputs(first_steps(terminal).c_str(), stdout);
    return 0;
  }
  const std::string& first = words[0];
  if (first == "--version" || first == "-V") {
    fmt::print("dimple {}\n", kVersion);
    return 0;
  }
  if (first == "--help" || first == "-h" || first == "help") {
    if (first == "help" && words.size() == 2) return dispatch(verbs, {words[1], "--help"}, cancel);
    std::fputs(all_verbs_help(verbs, terminal).c_str(), stdout);
    return 0;
  }
  Invocation invocation(find_verb(verbs, first), {words.begin() + 1, words.end()}, cancel);
  return find_verb(verbs, first).run(invocation);
}

// A reader that went away (`dimple ... | head`) is no error of ours; a full disk behind standard output is.
int flush_output(int code) {
  if ((std::fflush(stdout) == 0 && std::ferror(stdout) == 0) || errno == EPIPE) return code;
  return report(Error(Exit::resources, fmt::format("cannot write the output: {}", std::strerror(errno))));
}

}  // namespace

int run_command_line(std::span<const Verb> verbs, int argc, char** argv) {
  const host::Cancel& signals = host::catch_interrupts();
  try {
    return flush_output(dispatch(verbs, {argv + 1, argv + argc}, signals));
  } catch (const Error& error) {
    return report(error);
  } catch (const std::bad_alloc&) {
    return report(Error(Exit::resources, "out of memory"));
  } catch (const std::exception& error) {
    return report(Error(Exit::failed, fmt::format("this should not have happened: {}", error.what()),
                        "please report it, with the command you gave"));
  }
}

}  // namespace dimple::cli
