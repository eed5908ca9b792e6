#include "host/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "host/descriptor.h"

namespace dimple::host {
namespace fs = std::filesystem;
namespace {

Error cannot_read(const std::string& name, const std::string& why, Exit exit) {
  return Error(exit, fmt::format("cannot read {}: {}", name, why));
}

Error cannot_read(const std::string& name, int number, Exit exit) {
  return cannot_read(name, describe_errno(number), exit_of_errno(number, exit));
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
    if (got < 0) throw cannot_read(name, errno, options.exit);
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
  if (file.number() < 0) throw cannot_read(name, errno, options.exit);
  struct stat info {};
  if (::fstat(file.number(), &info) != 0) throw cannot_read(name, errno, options.exit);
  if (S_ISDIR(info.st_mode)) throw cannot_read(name, "it is a folder", options.exit);
  const auto size = S_ISREG(info.st_mode) ? static_cast<uint64_t>(info.st_size) : uint64_t{0};
  if (size > options.limit_bytes) {
    throw cannot_read(name, fmt::format("{} bytes, {} are allowed here", size, options.limit_bytes), options.exit);
  }
  return drain<Bytes>(file.number(), name, size, options);
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
    case ENAMETOOLONG: return "its name is too long";
    case EMFILE:
    case ENFILE: return "too many files are open";
    default: break;
  }
  std::string text = std::strerror(number);
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

bool is_exhaustion(int number) {
  switch (number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case ENOMEM:
    case EAGAIN:
    case EMFILE:
    case ENFILE: return true;
    default: return false;
  }
}

Exit exit_of_errno(int number, Exit otherwise) {
  if (number == EIO) return Exit::failed;
  return is_exhaustion(number) ? Exit::resources : otherwise;
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

bool file_exists(const fs::path& path) {
  std::error_code problem;
  return fs::exists(path, problem);
}

bool is_missing(const fs::path& path) {
  std::error_code problem;
  return fs::status(path, problem).type() == fs::file_type::not_found;
}

bool is_folder(const fs::path& path) {
  std::error_code problem;
  return fs::is_directory(path, problem);
}

std::vector<fs::path> list_files(const fs::path& folder, std::vector<Error>* closed) {
  std::vector<fs::path> found, folders{folder};
  while (!folders.empty()) {
    const fs::path here = std::move(folders.back());
    folders.pop_back();
    std::error_code problem, ignored;
    for (fs::directory_iterator it(here, problem); !problem && it != fs::directory_iterator(); it.increment(problem)) {
      if (it->path().filename().string().starts_with('.')) continue;
      if (it->is_directory(ignored) && !it->is_symlink(ignored)) folders.push_back(it->path());
      if (it->is_regular_file(ignored)) found.push_back(it->path());
    }
    if (!problem) continue;
    const Error error = cannot_read(here.string(), problem.value(), Exit::input);
    if (closed == nullptr) throw error;
    closed->push_back(error);
  }
  std::sort(found.begin(), found.end());
  return found;
}

fs::path program_folder() {
  std::error_code problem;
  const fs::path self = fs::read_symlink("/proc/self/exe", problem);
  return problem ? fs::path(".") : self.parent_path();
}

}  // namespace dimple::host
