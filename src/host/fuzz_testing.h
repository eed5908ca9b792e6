// What every fuzzer (*_fuzz.cc) shares: the inputs it begins with, and bytes of it as a file.
#pragma once
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "host/error.h"
#include "host/own_folder_testing.h"

namespace dimple::fuzz {

// Small sound inputs, one of each kind that the parser knows. Each fuzzer defines its own; with --seeds=FOLDER it
// writes them and ends.
std::vector<std::string> seeds();

inline std::string text_of(std::span<const uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

// What `read` refuses, it refuses with this exit code; anything else is a finding.
template <class Read>
void expect_refusal(host::Exit exit, Read&& read) {
  try {
    read();
  } catch (const host::Error& error) {
    if (error.exit() != exit) std::abort();
  }
}

// In memory, with a path, for what reads files only. With an `ending`, the path ends so.
class File {
 public:
  File(const uint8_t* data, size_t size, const char* ending = nullptr) : file_(::memfd_create("fuzz", 0)) {
    if (file_ < 0 || ::write(file_, data, size) != static_cast<ssize_t>(size)) std::abort();
    path_ = "/proc/self/fd/" + std::to_string(file_);
    if (!ending) return;
    link_ = (host::own_folder() / "input").string() + ending;
    ::unlink(link_.c_str());
    if (::symlink(path_.c_str(), link_.c_str()) != 0) std::abort();
  }
  ~File() {
    ::close(file_);
    if (!link_.empty()) ::unlink(link_.c_str());
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  const std::string& path() const { return link_.empty() ? path_ : link_; }

 private:
  int file_;
  std::string path_, link_;
};

}  // namespace dimple::fuzz
