// EmoReact: 1,102 clips of 63 children from 4 to 14 who react to something, with several labels each. Clips are films:
// frames must have been taken out of them, <anywhere>/<clip>/<frame>.jpg. How the labels are laid out is unconfirmed:
//   train_names.text   a clip in each line          (and validation_, test_; .txt as well)
//   train_labels.text  eight numbers 0 or 1 and the valence in each line, blank- or comma-separated
// A clip counts when it shows exactly one expression, and that is happiness, surprise, disgust or fear.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <sstream>

#include "data/datasets/archive.h"
#include "data/datasets/importers.h"
#include "data/datasets/name_words.h"
#include "host/error.h"

namespace dimple::data {
namespace {

constexpr const char* kColumns[] = {"curiosity", "uncertainty", "excitement", "happy",
                                    "surprise",  "disgust",     "fear",       "frustration"};

struct Part {
  std::vector<const char*> names;  // as copies of the set spell them
  Split split;
};
const Part kParts[] = {{{"train", "Train"}, Split::train},
                       {{"validation", "Validation", "val", "Val"}, Split::validation},
                       {{"test", "Test"}, Split::test}};
constexpr std::string_view kFramesSuffix = "_frames";  // what some add to a clip's name for the folder of its frames

std::optional<std::string> text_of(const std::string& path, const Part& part, const std::string& what) {
  for (const char* name : part.names)
    for (const char* ending : {".text", ".txt"})
      if (auto text = find_text(path, name + what + ending)) return text;
  return std::nullopt;
}

// One label, or the reason why there is none.
Entry entry_of(std::string line, const std::string& where, int number) {
  std::ranges::replace(line, ',', ' ');
  std::istringstream numbers(line);
  numbers.exceptions(std::ios::badbit);  // a stream keeps for itself that memory has run out
  Entry entry;
  int shown = 0;
  for (const char* column : kColumns) {
    double value = -1;
    if (!(numbers >> value) || value < 0 || value > 1)
      throw host::Error(host::Exit::input,
                        fmt::format("cannot read {}, line {}: not eight numbers from 0 to 1", where, number));
    if (value >= 0.5) entry.label = column, ++shown;
  }
  if (shown != 1) entry.skip = shown == 0 ? "its clip shows no expression" : "its clip shows several expressions";
  return entry;
}

void read_part(const std::string& path, const Part& part, std::map<std::string, Entry>& clips) {
  const std::string names_file = fmt::format("{}_names", part.names[0]),
                    labels_file = fmt::format("{}_labels", part.names[0]);
  const auto names = text_of(path, part, "_names"), labels = text_of(path, part, "_labels");
  if (!names || !labels) return;
  std::istringstream name_lines(*names), label_lines(*labels);
  name_lines.exceptions(std::ios::badbit), label_lines.exceptions(std::ios::badbit);
  std::string name, label;
  for (int number = 1; std::getline(name_lines, name); ++number) {
    if (!std::getline(label_lines, label))
      throw host::Error(host::Exit::input,
                        fmt::format("cannot read {}: it has fewer lines than {}", labels_file, names_file));
    const std::string quotes = " \t\r'\"";
    name.erase(0, std::min(name.find_first_not_of(quotes), name.size()));
    name.resize(name.find_last_not_of(quotes) + 1);
    Entry entry = entry_of(label, labels_file, number);
    entry.split = part.split;
    clips[std::filesystem::path(name).stem().string()] = std::move(entry);
  }
}

bool recognises_emoreact(const std::string& path) { return last_part_holds(path, "emoreact"); }

Dataset load_emoreact(const std::string& path, const LoadOptions& options) {
  std::map<std::string, Entry> clips;
  for (const Part& part : kParts) read_part(path, part, clips);
  if (clips.empty())
    throw host::Error(host::Exit::input, fmt::format("cannot read {}: no train_names and train_labels in it", path));
  PictureTree tree{.name = "emoreact",
                   .labels = {"happy", "surprise", "disgust", "fear"},
                   .groups = {"clip"},
                   .channels = 3,
                   .find_faces = true};
  tree.read = [&](const std::string& name) -> std::vector<Entry> {
    const std::vector<std::string> parts = parts_of(name);
    if (parts.size() < 2) return {};
    std::string clip = parts[parts.size() - 2];
    if (clip.ends_with(kFramesSuffix)) clip.resize(clip.size() - kFramesSuffix.size());
    const auto it = clips.find(clip);
    if (it == clips.end()) return {};
    Entry entry = it->second;
    entry.groups = {it->first};
    return {entry};
  };
  return load_tree(tree, path, options);
}

}  // namespace

const Importer kEmoreactImporter = {"emoreact", "EmoReact (frames of clips; folders of frames unconfirmed)",
                                    kResearchLicence, recognises_emoreact, load_emoreact};

}  // namespace dimple::data
