#include "host/run_folder.h"

#include <fmt/format.h>

#include "host/error.h"
#include "host/files.h"

namespace dimple::host {
namespace fs = std::filesystem;

void check_plain_name(const std::string& what, const std::string& name) {
  const bool plain =
      name.find('/') == std::string::npos && name.find('\0') == std::string::npos && name != "." && name != "..";
  if (!plain) throw Error(Exit::usage, fmt::format("{}: `{}` is not a plain name", what, name), "it names no folder");
}

fs::path make_run_folder(const std::string& verb, const RunFolder& wanted) {
  const fs::path parent = fs::path(wanted.root) / verb;
  make_folder(parent);
  const auto create = [](const fs::path& folder) {  // true only for the one process that made it
    std::error_code problem;
    const bool made = fs::create_directory(folder, problem);
    if (problem && problem != std::errc::file_exists) {
      throw Error(exit_of_errno(problem.value(), Exit::failed),
                  fmt::format("cannot make the folder {}: {}", folder.string(), describe_errno(problem.value())));
    }
    return made;
  };
  if (!wanted.name.empty()) {
    check_plain_name("--name", wanted.name);
    const fs::path folder = parent / wanted.name;
    if (create(folder)) return folder;
    throw Error(Exit::usage, fmt::format("{} is there already", folder.string()),
                "choose another --name, or move the folder away");
  }
  for (int number = 1;; ++number) {
    const fs::path folder = parent / std::to_string(number);
    if (!file_exists(folder) && create(folder)) return folder;
  }
}

}  // namespace dimple::host
