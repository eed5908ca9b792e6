// Where the tests of one program keep their files: a folder of this process alone, gone when it ends.
#pragma once
#include <unistd.h>

#include <filesystem>
#include <string>
#include <system_error>

namespace dimple::host {

inline const std::filesystem::path& own_folder() {
  struct Folder {
    Folder() : owner(::getpid()), path(std::filesystem::temp_directory_path() / ("dimple-" + std::to_string(owner))) {
      std::filesystem::remove_all(path);
      std::filesystem::create_directories(path);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
      std::error_code kept;
      if (owner == ::getpid()) std::filesystem::remove_all(path, kept);
    }
    pid_t owner;
    std::filesystem::path path;
  };
  static const Folder folder;
  return folder.path;
}

}  // namespace dimple::host
