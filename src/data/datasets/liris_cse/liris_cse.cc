// LIRIS-CSE: films of 12 children from 6 to 12 who are not asked to pose, as folders of frames. How its files are named
// is unconfirmed: words are looked for, as in S03_happy_2/000017.jpg; clips named after two expressions are left out.
#include "data/datasets/importers.h"
#include "data/datasets/name_words.h"

namespace dimple::data {
namespace {

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

}  // namespace

const Importer kLirisCseImporter = {"liris_cse", "LIRIS-CSE (frames of clips; layout unconfirmed)", kResearchLicence,
                                    recognises_liris_cse, load_liris_cse};

}  // namespace dimple::data
