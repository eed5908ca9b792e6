// runs/<verb>/<name>: where a verb leaves what it made.
#pragma once
#include <filesystem>
#include <string>

namespace dimple::host {

struct RunFolder {
  std::string root = "runs";
  std::string name;  // "": the next free number
};

// A usage error for a name that leads out of its folder. `what` is the flag.
void check_plain_name(const std::string& what, const std::string& name);

// Creates the folder. A name that is taken is a usage error: nothing is ever overwritten.
std::filesystem::path make_run_folder(const std::string& verb, const RunFolder& wanted);

}  // namespace dimple::host
