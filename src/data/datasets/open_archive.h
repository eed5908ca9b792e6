// An archive or packed file, opened: which forms are read, and how much may come out of them.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "host/memory_watch.h"

struct archive;

namespace dimple::data {

struct ArchiveCloser {
  void operator()(struct archive* a) const;
};
using Archive = std::unique_ptr<struct archive, ArchiveCloser>;

// gzip, bzip2, xz or zstd, once or not at all; in it a tar or a zip, or with `raw` any bytes. No file starts a program.
Archive open_archive(const std::string& path, bool raw);

[[noreturn]] void refuse_archive(const std::string& path, const std::string& why);
[[noreturn]] void refuse_archive(const std::string& path, int number);         // an errno
[[noreturn]] void refuse_archive(const std::string& path, struct archive* a);  // for its last failure
void refuse_failing_machine(const std::string& path, struct archive* a);       // where that was no fault of the file
std::string archive_problem(struct archive* a);                                // of its last failure

// What `call`, one of libarchive's, answers. Where memory ran out libarchive may tell of damage, or of nothing: it throws
// here.
template <class Call>
auto ask_archive(const std::string& path, const Call& call) {
  const host::MemoryWatch memory;
  const auto answer = call();
  if (memory.ran_out()) refuse_archive(path, ENOMEM);
  return answer;
}

// What comes out of a file, held against its size: a kilobyte can unpack to terabytes. Tables of pixels shrink to a
// quarter, tables of labels to a hundredth.
class Growth {
 public:
  static constexpr int64_t kTimes = 200, kAlways = int64_t{256} << 20;

  explicit Growth(const std::string& path);  // which outlives this
  void add(int64_t bytes);                   // throws host::Error(Exit::input) when it is too much

 private:
  const std::string& path_;
  int64_t left_;
};

}  // namespace dimple::data
