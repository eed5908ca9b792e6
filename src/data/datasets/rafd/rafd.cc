// RaFD: 67 people, adults and children, eight expressions, three gazes, five angles:
//   Rafd090_01_Caucasian_female_angry_frontal.jpg
#include "data/datasets/importers.h"
#include "data/datasets/name_words.h"

namespace dimple::data {
namespace {

bool recognises_rafd(const std::string& path) { return looks_like(read_rafd_path, path); }

Dataset load_rafd(const std::string& path, const LoadOptions& options) {
  return load_tree({.name = "rafd",
                    .labels = {"angry", "disgust", "fear", "happy", "sad", "surprise", "neutral", "contempt"},
                    .groups = {"people", "sex", "age", "angle", "gaze"},
                    .find_faces = true,
                    .read = read_rafd_path},
                   path, options);
}

}  // namespace

std::vector<Entry> read_rafd_path(const std::string& path) {
  const std::vector<std::string> parts = parts_of(path);
  const std::vector<std::string> words = parts.empty() ? parts : words_of(parts.back());
  if (words.size() != 6 || !words[0].starts_with("rafd")) return {};
  return {{.label = words[4],
           .subject = words[1],
           .groups = {words[2], words[3], words[2] == "kid" ? "child" : "adult", words[0].substr(4), words[5]}}};
}

const Importer kRafdImporter = {"rafd", "RaFD (Rafd090_01_Caucasian_female_angry_frontal.jpg)", kResearchLicence,
                                recognises_rafd, load_rafd};

}  // namespace dimple::data
