#include "data/datasets/sfew/sfew.h"

#include "data/datasets/name_words.h"

namespace dimple::data {

std::vector<Entry> read_sfew_path(const std::string& path) {
  const std::vector<std::string> parts = parts_of(path);
  const auto split = split_in(parts);
  if (parts.size() < 2 || !split) return {};
  if (*split == Split::test) return {{.skip = "its label was kept back (Test)"}};
  if (parts.size() < 3) return {};
  return {{.label = parts[parts.size() - 2],
           .groups = {parts.back().substr(0, parts.back().find('_'))},
           .split = *split == Split::validation ? Split::test : Split::train}};
}

bool recognises_sfew(const std::string& path) {
  return last_part_holds(path, "sfew") && looks_like(read_sfew_path, path);
}

Dataset load_sfew(const std::string& path, const LoadOptions& options) {
  return load_tree({.name = "sfew",
                    .labels = {"angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"},
                    .groups = {"film"},
                    .channels = 3,
                    .find_faces = true,
                    .read = read_sfew_path},
                   path, options);
}

}  // namespace dimple::data
