// ExpW: faces in 91,793 pictures from the web, each face with a box and a label.
//   label.lst            name face_id top left right bottom confidence label     (blank-separated, no header)
//   image/origin/<name>  or anywhere below the folder
// 0 angry 1 disgust 2 fear 3 happy 4 sad 5 surprise 6 neutral. It has no split of its own.
#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "data/csv.h"
#include "data/datasets/archive.h"
#include "data/datasets/importers.h"
#include "data/datasets/name_words.h"
#include "host/error.h"

namespace dimple::data {
namespace {

constexpr const char* kExpwList = "label.lst";
constexpr const char* kExpwLabels[] = {"angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"};

void read_line(std::string_view text, int64_t number, EntryTable& table) {
  std::istringstream words{std::string(text)};
  words.exceptions(std::ios::badbit);  // a stream keeps for itself that memory has run out
  std::string name;
  int32_t face = 0, top = 0, left = 0, right = 0, bottom = 0, label = -1;
  double confidence = 0;
  words >> name >> face >> top >> left >> right >> bottom >> confidence >> label;
  constexpr int32_t kMaxDistance = 1 << 16;
  const bool box = left > -kMaxDistance && top > -kMaxDistance && right < kMaxDistance && bottom < kMaxDistance &&
                   right > left && bottom > top;
  if (!words || label < 0 || label >= std::ssize(kExpwLabels) || !box)
    throw host::Error(host::Exit::input,
                      fmt::format("cannot read {}, line {}: not a name, a face's number, its top, left, right and "
                                  "bottom, a confidence and a label from 0 to 6",
                                  kExpwList, number));
  table.add(name, {.label = kExpwLabels[label], .face = image::Box{left, top, right - left, bottom - top}});
}

bool recognises_expw(const std::string& path) {
  if (last_part_holds(path, "expw")) return true;
  const auto is_ours = [](const std::string& name) { return is_picture_name(name) || name.ends_with(kExpwList); };
  return std::ranges::any_of(first_names(path, is_ours, 64),
                             [](const std::string& name) { return name.ends_with(kExpwList); });
}

Dataset load_expw(const std::string& path, const LoadOptions& options) {
  const auto text = find_text(path, kExpwList, options.task);
  if (!text) throw host::Error(host::Exit::input, fmt::format("cannot read {}: there is no {} in it", path, kExpwList));
  EntryTable table;
  Lines lines(kExpwList, [&](std::string_view line, int64_t number) {
    if (!line.empty()) read_line(line, number, table);
  });
  lines.feed(*text);
  lines.finish();
  PictureTree tree{.name = "expw", .labels = {kExpwLabels, kExpwLabels + std::size(kExpwLabels)}, .channels = 3};
  tree.read = [&](const std::string& name) { return table.find(name); };
  tree.promised = table.paths();
  return load_tree(tree, path, options);
}

}  // namespace

const Importer kExpwImporter = {"expw", "ExpW (label.lst, image)", kResearchLicence, recognises_expw, load_expw};

}  // namespace dimple::data
