// FER2013 unpacked to pictures, the form in which it is mostly passed on:
//   train|validation|test/<class>/*.png|jpg    (also Training, PublicTest, PrivateTest)
// Mostly without a validation part and with PublicTest and PrivateTest in one; then results are not those of the csv.
#include "data/datasets/importers.h"
#include "data/datasets/name_words.h"

namespace dimple::data {
namespace {

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

}  // namespace

const Importer kFer2013FoldersImporter = {"fer2013_folders", "FER2013 unpacked (train, test, a folder for each class)",
                                          "unclear: pictures from the web", recognises_fer2013_folders,
                                          load_fer2013_folders};

}  // namespace dimple::data
