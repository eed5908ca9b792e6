#include "data/datasets/dartmouth/dartmouth.h"

#include "data/datasets/name_words.h"

namespace dimple::data {

std::vector<Entry> read_dartmouth_path(const std::string& path) {
  const std::vector<std::string> words = words_of(path), labels = expressions_in(words);
  if (labels.size() != 1) return {{.skip = "its name does not say one expression"}};
  return {{.label = labels[0], .subject = numbered_word(words)}};
}

bool recognises_dartmouth(const std::string& path) { return last_part_holds(path, "dartmouth"); }

Dataset load_dartmouth(const std::string& path, const LoadOptions& options) {
  return load_tree({.name = "dartmouth",
                    .labels = {"angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"},
                    .channels = 3,
                    .find_faces = true,
                    .read = read_dartmouth_path},
                   path, options);
}

}  // namespace dimple::data
