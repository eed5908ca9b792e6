// The one exception type of the host side, and the exit codes it carries. Caught once, in main.
#pragma once
#include <exception>
#include <string>

namespace dimple::host {

enum class Exit : int {
  fine = 0,
  failed = 1,
  usage = 2,
  input = 3,      // an image, dataset or label map that cannot be read or is malformed
  no_face = 4,    // with --fail-on-no-face
  model = 5,      // a model, program or checkpoint that is invalid or does not fit
  gate = 6,       // a gate failed: --fail-under, signatures that differ, a leaking split
  resources = 7,  // disk or memory
  interrupted = 130,
  terminated = 143,
};

class Error : public std::exception {
 public:
  // what: what is wrong, in which file; hint: what to do about it (may be empty).
  Error(Exit exit, std::string what, std::string hint = {})
      : exit_(exit), what_(std::move(what)), hint_(std::move(hint)) {}
  const char* what() const noexcept override { return what_.c_str(); }
  Exit exit() const { return exit_; }
  const std::string& hint() const { return hint_; }

 private:
  Exit exit_;
  std::string what_, hint_;
};

}  // namespace dimple::host
