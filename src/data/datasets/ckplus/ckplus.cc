// CK+48: the last three frames of CK+ sequences, 48x48 grey, as a tar (or zip) or unpacked:
//   CK+48/<class>/S<subject>_<sequence>_<frame>.png
// Seven classes with contempt, no neutral. It has no split of its own: all rows are training until a protocol deals
// folds.
#include <algorithm>
#include <filesystem>

#include "data/datasets/importers.h"
#include "data/datasets/name_words.h"

namespace dimple::data {
namespace {

namespace fs = std::filesystem;

bool digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// CK+48 itself, when the path is the folder above it.
std::string ckplus_root(const std::string& path) {
  for (const char* inside : {"CK+48", "CK+48.tar"})
    if (const fs::path below = fs::path(path) / inside; fs::is_directory(path) && fs::exists(below))
      return below.string();
  return path;
}

bool recognises_ckplus(const std::string& path) {
  const fs::path root(ckplus_root(path));
  if (root.filename().string().starts_with("CK+48")) return true;
  if (!fs::is_directory(root)) return false;
  return fs::is_directory(root / "contempt") &&
         (fs::is_directory(root / "anger") || fs::is_directory(root / "angry")) &&
         looks_like(read_ckplus_path, root.string());
}

Dataset load_ckplus(const std::string& path, const LoadOptions& options) {
  return load_tree({.name = "ckplus", .labels = ckplus_labels(), .extent = 48, .read = read_ckplus_path},
                   ckplus_root(path), options);
}

}  // namespace

std::vector<Entry> read_ckplus_path(const std::string& path) {
  const fs::path file(path);
  const std::string stem = file.stem().string(), label = file.parent_path().filename().string();
  const size_t first = stem.find('_'), second = stem.find('_', first + 1);
  if (file.extension() != ".png" || !stem.starts_with('S') || first == std::string::npos ||
      second == std::string::npos || label.empty())
    return {};
  if (!digits(std::string_view(stem).substr(1, first - 1)) ||
      !digits(std::string_view(stem).substr(first + 1, second - first - 1)) ||
      !digits(std::string_view(stem).substr(second + 1)))
    return {};
  return {{.label = label, .subject = stem.substr(0, first)}};
}

const std::vector<std::string>& ckplus_labels() {
  static const std::vector<std::string> names = {"angry", "contempt", "disgust", "fear", "happy", "sad", "surprise"};
  return names;
}

const Importer kCkplusImporter = {"ckplus", "CK+48 (the tar or the folder)", kResearchLicence, recognises_ckplus,
                                  load_ckplus};

}  // namespace dimple::data
