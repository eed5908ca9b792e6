#include "data/datasets/chefs/chefs.h"

#include <algorithm>

#include "data/datasets/name_words.h"

namespace dimple::data {

std::vector<Entry> read_chefs_path(const std::string& path) {
  const std::vector<std::string> words = words_of(path), labels = expressions_in(words);
  if (labels.size() != 1) return {{.skip = "its name does not say one expression"}};
  std::string gaze;
  for (const std::string& word : words)
    if (word == "direct" || word == "averted") gaze = word;
  return {{.label = labels[0], .subject = numbered_word(words), .groups = {gaze}}};
}

bool recognises_chefs(const std::string& path) { return last_part_holds(path, "chefs"); }

Dataset load_chefs(const std::string& path, const LoadOptions& options) {
  return load_tree({.name = "chefs",
                    .labels = {"angry", "fear", "happy", "sad", "neutral"},
                    .groups = {"gaze"},
                    .channels = 3,
                    .find_faces = true,
                    .read = read_chefs_path},
                   path, options);
}

}  // namespace dimple::data
