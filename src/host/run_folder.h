// runs/<verb>/<name>: where a verb leaves what it made.
#pragma once
#include <filesystem>
#include <string>

namespace dimple::host {

struct RunFolder {
  std::string root = "runs";
  std::string name;  // "": the next free number
};

// Creates the folder. A name that is taken is a usage error: nothing is ever overwritten.
std::filesystem::path make_run_folder(const std::string& verb, const RunFolder& wanted);

}  // namespace dimple::host
