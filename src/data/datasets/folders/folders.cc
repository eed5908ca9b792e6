// Any set of your own: a folder for each class, perhaps below train, validation and test:
//   train/happy/17.png    happy/17.png
#include <filesystem>

#include "data/datasets/importers.h"
#include "data/datasets/name_words.h"
#include "host/error.h"

namespace dimple::data {
namespace {

std::vector<Entry> read_folders_path(const std::string& path) {
  const std::vector<std::string> parts = parts_of(path);
  if (parts.size() < 2 || split_of_folder(parts[parts.size() - 2])) return {{.skip = "it is in no folder of a class"}};
  return {{.label = parts[parts.size() - 2], .split = split_in(parts).value_or(Split::train)}};
}

// Asked last: everything that has pictures in folders is this, if it is nothing else.
bool recognises_folders(const std::string& path) {
  return looks_like(
      [](const std::string& name) {
        auto entries = read_folders_path(name);
        std::erase_if(entries, [](const Entry& e) { return !e.skip.empty(); });
        return entries;
      },
      path);
}

Dataset load_folders(const std::string& path, const LoadOptions& options) {
  Dataset set = load_tree({.name = "folders", .extent = 0, .read = read_folders_path}, path, options);
  if (set.labels.size() < 2)
    throw host::Error(host::Exit::input,
                      "cannot use " + path + ": all its pictures are in one folder, " + set.labels[0],
                      "a folder for each class is needed, with two classes at least");
  return set;
}

}  // namespace

const Importer kFoldersImporter = {"folders", "a folder for each class, perhaps below train, validation, test", "yours",
                                   recognises_folders, load_folders};

}  // namespace dimple::data
