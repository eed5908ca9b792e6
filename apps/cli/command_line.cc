#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <system_error>

#include "help.h"
#include "host/error.h"
#include "host/files.h"
#include "host/suggest.h"
#include "host/task.h"
#include "verb.h"
#include "version.h"

namespace dimple::cli {

using host::Error;
using host::Exit;

namespace {

// A message of several lines keeps them.
std::string printable_lines(std::string_view text) {
  std::string lines;
  for (size_t end = 0; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1))
    lines += host::printable(text.substr(0, end)) + "\n";
  return lines + host::printable(text);
}

// The exit code stands whether or not the words can be written: standard error may be full or closed, memory used up.
int report(const Error& error) {
  try {
    const host::Terminal terminal = host::inspect_terminal(2);
    std::fflush(stdout);
    std::fputs(
        fmt::format("{} {}\n", styled(terminal, host::Style::red, "dimple:"), printable_lines(error.what())).c_str(),
        stderr);
    if (!error.hint().empty())
      std::fputs(fmt::format("  {}\n", styled(terminal, host::Style::dim, printable_lines(error.hint()))).c_str(),
                 stderr);
  } catch (const std::bad_alloc&) {
    std::fputs("dimple: out of memory\n", stderr);
  }
  return static_cast<int>(error.exit());
}

// What the system refused, by whose fault it is.
Error of_system(const std::system_error& error) {
  const int number = error.code().value();
  const std::string why = host::describe_errno(number);
  if (const auto* file = dynamic_cast<const std::filesystem::filesystem_error*>(&error); file && !file->path1().empty())
    return Error(host::exit_of_errno(number, Exit::input),
                 fmt::format("cannot use {}: {}", file->path1().string(), why));
  return Error(host::exit_of_errno(number, Exit::failed), fmt::format("the system refuses: {}", why));
}

// A file opened later must not become standard output. What is opened here can be used for nothing: reading from
// standard input and writing to the others fail, as they would have.
void fill_closed_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) == -1)
      static_cast<void>(::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY));
}

// What std::terminate knows of the exception that ended the program: none may have been caught yet.
std::atomic<bool> memory_ran_out = false;

[[noreturn]] void note_no_memory() {
  memory_ran_out = true;
  throw std::bad_alloc();
}

bool ends_for_memory() {
  try {
    if (std::current_exception()) throw;
    return memory_ran_out;
  } catch (const std::bad_alloc&) {
    return true;
  } catch (...) {
    return false;
  }
}

[[noreturn]] void end_out_of_memory() {
  constexpr std::string_view kMessage = "dimple: out of memory\n";
  static_cast<void>(!::write(STDERR_FILENO, kMessage.data(), kMessage.size()));
  std::_Exit(static_cast<int>(Exit::resources));
}

// Destructors of the JSON library and the folder iterators of the C++ library ask for memory where no exception may
// pass. Files are written whole or not at all, so ending here loses nothing that was there.
[[noreturn]] void end_without_memory() {
  if (!ends_for_memory()) std::abort();  // an error of ours: let it be seen
  end_out_of_memory();
}

std::atomic<bool> came_to_its_end = false;

// libarchive ends the program by itself, with exit code 1, where it has no memory for a name.
void end_of_program() {
  if (came_to_its_end || errno != ENOMEM) return;
  end_out_of_memory();
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
    std::fputs(fmt::format("dimple {}\n", kVersion).c_str(), stdout);
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
  const bool failed_before = std::ferror(stdout) != 0;
  if (std::fflush(stdout) == 0 && !failed_before) return code;
  if (!failed_before && errno == EPIPE) return code;
  return report(Error(Exit::resources, failed_before
                                           ? "cannot write all of the output"
                                           : fmt::format("cannot write the output: {}", host::describe_errno(errno))));
}

int run_to_its_end(std::span<const Verb> verbs, int argc, char** argv) {
  fill_closed_streams();
  const host::Cancel& signals = host::catch_interrupts();
  try {
    const int code = flush_output(dispatch(verbs, {argv + 1, argv + argc}, signals));
    // Also where all was done before the signal was asked about: a loop of a shell ends by this code.
    return code == 0 && signals.signal() != 0 ? 128 + signals.signal() : code;
  } catch (const Error& error) {
    return report(error);
  } catch (const std::bad_alloc&) {
    return report(Error(Exit::resources, "out of memory"));
  } catch (const std::length_error&) {
    return report(Error(Exit::resources, "out of memory"));
  } catch (const std::system_error& error) {
    return report(of_system(error));
  } catch (const std::exception& error) {
    return report(Error(Exit::failed, fmt::format("this should not have happened: {}", error.what()),
                        "please report it, with the command you gave"));
  }
}

}  // namespace

int run_command_line(std::span<const Verb> verbs, int argc, char** argv) {
  std::set_new_handler(note_no_memory);
  std::set_terminate(end_without_memory);
  std::atexit(end_of_program);
  const int code = run_to_its_end(verbs, argc, argv);
  came_to_its_end = true;
  return code;
}

}  // namespace dimple::cli
