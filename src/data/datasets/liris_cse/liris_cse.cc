#include "data/datasets/liris_cse/liris_cse.h"

#include "data/datasets/name_words.h"

namespace dimple::data {

std::vector<Entry> read_liris_cse_path(const std::string& path) {
  const std::vector<std::string> words = words_of(path), labels = expressions_in(words);
  const std::vector<std::string> parts = parts_of(path);
  if (labels.size() != 1) return {{.skip = "its clip's name does not say one expression"}};
  return {{.label = labels[0],
           .subject = numbered_word(words),
           .groups = {parts.size() > 1 ? parts[parts.size() - 2] : ""}}};
}

bool recognises_liris_cse(const std::string& path) { return last_part_holds(path, "liris"); }

Dataset load_liris_cse(const std::string& path, const LoadOptions& options) {
  return load_tree({.name = "liris_cse",
                    .labels = {"angry", "disgust", "fear", "happy", "sad", "surprise"},
                    .groups = {"clip"},
                    .channels = 3,
                    .find_faces = true,
                    .read = read_liris_cse_path},
                   path, options);
}

}  // namespace dimple::data
