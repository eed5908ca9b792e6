// runs/<verb>/<name>: where a verb leaves what it made.
#pragma once
#include <filesystem>
#include <string>

#include "host/error.h"
#include "host/fields.h"
#include "host/files.h"

namespace dimple::host {

struct RunFolder {
  std::string root = "runs";
  std::string name;  // "": the next free number
};

// A usage error for a name that leads out of its folder. `what` is the flag.
void check_plain_name(const std::string& what, const std::string& name);

// Creates the folder. A name that is taken is a usage error: nothing is ever overwritten.
std::filesystem::path make_run_folder(const std::string& verb, const RunFolder& wanted);

// What a run was asked for: args.toml of its folder, into an object with its verb's fields. Throws a usage error where there
// is none: "runs/train/1 is not the folder of a training".
template <class T>
void load_run_settings(T& settings, const std::filesystem::path& folder, const std::string& verb,
                       const std::string& what) {
  const std::filesystem::path args = folder / "args.toml";
  if (!file_exists(args))
    throw Error(Exit::usage, folder.string() + " is not the folder of " + what, "it has no args.toml");
  auto fields = fields_of(settings);
  apply_settings(fields, {.config_path = args.string(), .verb = verb});
}

}  // namespace dimple::host
