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
  const bool full = number == ENOSPC || number == EDQUOT || number == EFBIG;
  throw Error(full ? Exit::resources : Exit::failed,
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

// Opens a new file beside `path`: a rename is atomic only within one file system.
int open_beside(const fs::path& path, fs::path& beside) {
  for (int n = 0;; ++n) {
    beside = path.parent_path() /
             fmt::format(".{}.{}.{}.{}{}", path.filename().string(), machine_name(), ::getpid(), n, kUnfinished);
    const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file >= 0 || errno != EEXIST || n == 10000) return file;
  }
}

// The process in a name that open_beside made on this machine: ".last.safetensors.host.4711.0.part"; 0: no such name.
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
  return ::fsync(file) == 0 || errno == EINVAL ? 0 : errno;
}

}  // namespace

void write_atomic(const fs::path& path, std::span<const uint8_t> bytes) {
  fs::path beside;
  Descriptor file(open_beside(path, beside));
  if (file.number() < 0) fail_writing(path, errno);
  int problem = write_all(file.number(), bytes.data(), bytes.size());
  if (file.close() != 0 && problem == 0) problem = errno;
  if (problem == 0 && ::rename(beside.c_str(), path.c_str()) != 0) problem = errno;
  if (problem != 0) {
    ::unlink(beside.c_str());
    fail_writing(path, problem);
  }
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const Descriptor folder_handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder_handle.number() >= 0) ::fsync(folder_handle.number());  // some file systems refuse; the rename stands
}

void write_atomic(const fs::path& path, std::string_view text) {
  write_atomic(path, std::span(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
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
