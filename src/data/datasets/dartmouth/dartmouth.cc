// The Dartmouth Database of Children's Faces: 80 children from 6 to 16, eight expressions (content, which no other set
// has, is left out), five angles, two lightings. How its files are named is unconfirmed: words are looked for, in
// folders and names, as in M07/happy_frontal.jpg. A table does it for sure (data/datasets/table/).
#include "data/datasets/importers.h"
#include "data/datasets/name_words.h"

namespace dimple::data {
namespace {

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

}  // namespace

const Importer kDartmouthImporter = {"dartmouth", "Dartmouth children's faces (words in names; layout unconfirmed)",
                                     kResearchLicence, recognises_dartmouth, load_dartmouth};

}  // namespace dimple::data
