#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

#include "host/descriptor.h"
#include "host/files.h"

namespace dimple::host {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail_writing(const fs::path& path, int number) {
  const bool full = is_exhaustion(number);
  throw Error(exit_of_errno(number, Exit::failed),
              fmt::format("cannot write {}: {}", path.string(), describe_errno(number)),
              full ? "what was there before is untouched; free some space and run again" : "");
}

constexpr std::string_view kUnfinished = ".part";

// Process numbers mean nothing elsewhere, and folders may be shared. Without dots.
std::string machine_name() {
  char name[65] = {};
  if (::gethostname(name, sizeof name - 1) != 0) return "here";
  for (char& c : name)
    if (c == '.' || c == '/') c = '-';
  return name;
}

// Finds a free name beside `path`, since a rename is atomic only within one file system; `make` makes a file of it.
template <class Make>
int name_beside(const fs::path& path, fs::path& beside, const Make& make) {
  for (int n = 0;; ++n) {
    beside = path.parent_path() /
             fmt::format(".{}.{}.{}.{}{}", path.filename().string(), machine_name(), ::getpid(), n, kUnfinished);
    const int made = make(beside);
    if (made >= 0 || errno != EEXIST || n == 10000) return made;
  }
}

// The process in a name that name_beside made on this machine: ".last.safetensors.host.4711.0.part"; 0: no such name.
pid_t writer_of(std::string_view name) {
  if (!name.starts_with('.') || !name.ends_with(kUnfinished)) return 0;
  name.remove_suffix(kUnfinished.size());
  const auto last_part = [&] {
    const size_t dot = name.rfind('.');
    const std::string_view part = name.substr(dot + 1);
    name = name.substr(0, dot);
    return part;
  };
  const std::string_view counter = last_part(), process = last_part(), machine = last_part();
  pid_t number = 0;
  const auto [end, error] = std::from_chars(process.data(), process.data() + process.size(), number);
  const bool whole = error == std::errc{} && end == process.data() + process.size() && number > 0;
  return whole && !counter.empty() && machine == machine_name() ? number : 0;
}

int write_all(int file, const uint8_t* data, size_t size) {
  while (size > 0) {
    const ssize_t done = ::write(file, data, size);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return errno;
    data += done;
    size -= static_cast<size_t>(done);
  }
  return 0;
}

int sync(int file) { return ::fsync(file) == 0 || errno == EINVAL ? 0 : errno; }

// The bytes into a new file beside `path`, whose name is left in `beside`. Where the file system can, it gets the name
// last: what ends the program before leaves nothing behind. Returns an errno.
int write_beside(const fs::path& path, std::span<const uint8_t> bytes, fs::path& beside) {
  const std::string folder = path.has_parent_path() ? path.parent_path().string() : ".";
  Descriptor unnamed(::open(folder.c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666));
  if (unnamed.number() >= 0) {
    int problem = write_all(unnamed.number(), bytes.data(), bytes.size());
    if (problem == 0) problem = sync(unnamed.number());
    if (problem != 0) return problem;
    const std::string self = fmt::format("/proc/self/fd/{}", unnamed.number());
    const auto link = [&](const fs::path& name) {
      return ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW);
    };
    if (name_beside(path, beside, link) == 0) return 0;  // else there is no /proc, or the file system has no links
  }
  Descriptor file(name_beside(path, beside, [](const fs::path& name) {
    return ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  }));
  if (file.number() < 0) return errno;
  int problem = write_all(file.number(), bytes.data(), bytes.size());
  if (problem == 0) problem = sync(file.number());
  return file.close() != 0 && problem == 0 ? errno : problem;
}

}  // namespace

void write_atomic(const fs::path& path, std::span<const uint8_t> bytes) {
  fs::path beside;
  int problem = write_beside(path, bytes, beside);
  if (problem == 0 && ::rename(beside.c_str(), path.c_str()) != 0) problem = errno;
  if (problem != 0) {
    if (!beside.empty()) ::unlink(beside.c_str());
    fail_writing(path, problem);
  }
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const Descriptor folder_handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder_handle.number() >= 0) ::fsync(folder_handle.number());  // some file systems refuse; the rename stands
}

void write_atomic(const fs::path& path, std::string_view text) {
  write_atomic(path, std::span(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
}

void append(const fs::path& path, std::string_view text) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  if (file.number() < 0) fail_writing(path, errno);
  const off_t before = ::lseek(file.number(), 0, SEEK_END);
  const int problem = write_all(file.number(), reinterpret_cast<const uint8_t*>(text.data()), text.size());
  if (problem == 0) return;
  static_cast<void>(::ftruncate(file.number(), before));
  fail_writing(path, problem);
}

void remove_leftovers(const fs::path& folder) {
  std::error_code failed, kept;  // what cannot be looked at or removed stays
  for (fs::directory_iterator it(folder, failed); !failed && it != fs::directory_iterator(); it.increment(failed)) {
    const std::string name = it->path().filename().string();
    const pid_t writer = writer_of(name);
    // Nothing of ours is half-written now: in a container the one before had the same number.
    const bool ended = writer > 0 && (writer == ::getpid() || (::kill(writer, 0) != 0 && errno == ESRCH));
    if (ended) fs::remove(it->path(), kept);
  }
}

void make_folder(const fs::path& path) {
  std::error_code problem;
  fs::create_directories(path, problem);
  if (problem) fail_writing(path, problem.value());
}

}  // namespace dimple::host
