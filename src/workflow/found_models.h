// Models that runs left, and how well they are known to read. Of a run folder `runs`:
//
//   file                              what it is                      its accuracy stands in
//   search/<run>/found.safetensors    what a search found             search.json beside it
//   train/<run>/weights/best.safetensors  what a training kept        test.json of the run, else the file's own metrics
//   compress/<run>/model.safetensors  what a compression came to      compress.json beside it
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dimple::workflow {

// In the order of the table, by name; nothing where there is no such folder.
std::vector<std::string> found_models(const std::filesystem::path& runs);

struct KnownAccuracy {
  std::optional<double> value;
  std::string on;    // "test" or "validation" pictures
  std::string from;  // where it stands
};

// Of a shipped model by its card, of a file by what lies where it was made; nothing is known of others. Throws host::Error for what
// lies there and cannot be read.
KnownAccuracy accuracy_of(const std::string& name_or_file);

}  // namespace dimple::workflow
