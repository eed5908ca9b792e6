#include "data/datasets/fer2013_folders/fer2013_folders.h"

#include "data/datasets/name_words.h"

namespace dimple::data {

std::vector<Entry> read_fer2013_folders_path(const std::string& path) {
  const std::vector<std::string> parts = parts_of(path);
  if (parts.size() < 3) return {};
  const auto split = split_of_folder(parts[parts.size() - 3]);
  if (!split) return {};
  return {{.label = parts[parts.size() - 2], .split = *split}};
}

bool recognises_fer2013_folders(const std::string& path) {
  return last_part_holds(path, "fer") && looks_like(read_fer2013_folders_path, path);
}

Dataset load_fer2013_folders(const std::string& path, const LoadOptions& options) {
  return load_tree({.name = "fer2013_folders",
                    .labels = {"angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"},
                    .extent = 48,
                    .read = read_fer2013_folders_path},
                   path, options);
}

}  // namespace dimple::data
