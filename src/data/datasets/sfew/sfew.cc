// SFEW: stills from films, seven classes: Train|Val / <class> / <film>_<time>_<frame>.png, as given out or aligned. The
// labels of its test part were kept back, so that results are reported on Val, which therefore is our test split.
#include "data/datasets/importers.h"
#include "data/datasets/name_words.h"

namespace dimple::data {
namespace {

// "Airheads_000519240_00000005.png": without the numbers at its end.
std::string film_of(const std::string& file) {
  std::string name = file.substr(0, file.find('.'));
  for (size_t at; (at = name.rfind('_')) != std::string::npos &&
                  name.find_first_not_of("0123456789", at + 1) == std::string::npos;)
    name.resize(at);
  return name;
}

std::vector<Entry> read_sfew_path(const std::string& path) {
  const std::vector<std::string> parts = parts_of(path);
  const auto split = split_in(parts);
  if (parts.size() < 2 || !split) return {};
  if (*split == Split::test) return {{.skip = "its label was kept back (Test)"}};
  if (parts.size() < 3) return {};
  return {{.label = parts[parts.size() - 2],
           .groups = {film_of(parts.back())},
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

}  // namespace

const Importer kSfewImporter = {"sfew", "SFEW (Train and Val, a folder for each class)", kResearchLicence,
                                recognises_sfew, load_sfew};

}  // namespace dimple::data
