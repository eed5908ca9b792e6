#include "host/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace dimple::host {
namespace fs = std::filesystem;
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  int close() {
    const int result = ::close(number_);
    number_ = -1;
    return result;
  }

 private:
  int number_;
};

Error cannot_read(const std::string& name, const std::string& why, Exit exit, std::string hint = {}) {
  return Error(exit, fmt::format("cannot read {}: {}", name, why), std::move(hint));
}

// Reads to the end of a file of any kind, the pipe included; the size told by the file system is only a hint.
template <class Bytes>
Bytes drain(int descriptor, const std::string& name, uint64_t expected, const ReadOptions& options) {
  Bytes bytes;
  bytes.resize(std::min(expected, options.limit_bytes) + 1);
  size_t filled = 0;
  for (;;) {
    if (filled == bytes.size()) bytes.resize(std::min<uint64_t>(bytes.size() * 2 + 65536, options.limit_bytes + 1));
    const ssize_t got = ::read(descriptor, bytes.data() + filled, bytes.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw cannot_read(name, describe_errno(errno), options.exit);
    if (got == 0) break;
    filled += static_cast<size_t>(got);
    if (filled > options.limit_bytes) {
      throw cannot_read(name, fmt::format("longer than the {} bytes allowed here", options.limit_bytes), options.exit);
    }
  }
  bytes.resize(filled);
  return bytes;
}

template <class Bytes>
Bytes read_whole(const fs::path& path, const ReadOptions& options) {
  const std::string name = path.string();
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) throw cannot_read(name, describe_errno(errno), options.exit);
  struct stat info {};
  if (::fstat(file.number(), &info) != 0) throw cannot_read(name, describe_errno(errno), options.exit);
  if (S_ISDIR(info.st_mode)) throw cannot_read(name, "it is a folder", options.exit);
  const auto size = S_ISREG(info.st_mode) ? static_cast<uint64_t>(info.st_size) : uint64_t{0};
  if (size > options.limit_bytes) {
    throw cannot_read(name, fmt::format("{} bytes, {} are allowed here", size, options.limit_bytes), options.exit);
  }
  return drain<Bytes>(file.number(), name, size, options);
}

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

// Opens a file nobody has, beside `path`: a rename is atomic only within one file system.
int open_beside(const fs::path& path, fs::path& beside) {
  for (int n = 0;; n++) {
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

std::string describe_errno(int number) {
  switch (number) {
    case ENOENT: return "no such file";
    case EACCES:
    case EPERM: return "permission denied";
    case ENOSPC:
    case EDQUOT: return "the disk is full";
    case EFBIG: return "the file would be larger than allowed";
    case ENOTDIR: return "a part of its path is not a folder";
    case EISDIR: return "it is a folder";
    case EROFS: return "the file system is read-only";
    default: break;
  }
  std::string text = std::strerror(number);
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

std::vector<uint8_t> read_file(const fs::path& path, const ReadOptions& options) {
  return read_whole<std::vector<uint8_t>>(path, options);
}

std::string read_text(const fs::path& path, const ReadOptions& options) {
  return read_whole<std::string>(path, options);
}

std::vector<uint8_t> read_standard_input(const ReadOptions& options) {
  return drain<std::vector<uint8_t>>(STDIN_FILENO, "standard input", 0, options);
}

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

bool file_exists(const fs::path& path) {
  std::error_code problem;
  return fs::exists(path, problem);
}

bool is_folder(const fs::path& path) {
  std::error_code problem;
  return fs::is_directory(path, problem);
}

std::vector<fs::path> list_files(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code problem;
  fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied, problem);
  if (problem) throw cannot_read(folder.string(), describe_errno(problem.value()), Exit::input);
  for (; it != fs::recursive_directory_iterator(); it.increment(problem)) {
    const bool hidden = it->path().filename().string().starts_with('.');
    std::error_code ignored;
    if (hidden && it->is_directory(ignored)) it.disable_recursion_pending();
    if (!hidden && it->is_regular_file(ignored)) found.push_back(it->path());
  }
  if (problem) throw cannot_read(folder.string(), describe_errno(problem.value()), Exit::input);  // it ended the loop
  std::sort(found.begin(), found.end());
  return found;
}

fs::path program_folder() {
  std::error_code problem;
  const fs::path self = fs::read_symlink("/proc/self/exe", problem);
  return problem ? fs::path(".") : self.parent_path();
}

}  // namespace dimple::host
