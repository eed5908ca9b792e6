// CK+ as it is given out: sequences of whole heads from neutral to the peak, and a label for some of them.
//   cohn-kanade-images/S###/###/S###_###_<frame>.png
//   Emotion/S###/###/S###_###_<frame>_emotion.txt     1 angry 2 contempt 3 disgust 4 fear 5 happy 6 sad 7 surprise
// The last three frames of a labelled sequence are its pictures, 981 in all; the set is called ckplus, like CK+48, and
// has the same protocol.
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "data/datasets/archive.h"
#include "data/datasets/importers.h"
#include "data/datasets/name_words.h"
#include "host/error.h"

namespace dimple::data {
namespace {

constexpr size_t kPeakFrames = 3;

struct Sequence {
  std::set<std::string> frames;  // in order of time: names count up
  int label = -1;
};

// "cohn-kanade-images/S005/001/S005_001_00000011.png" -> "S005/001"; empty for another form.
std::string sequence_of(const std::vector<std::string>& parts, std::string_view ending) {
  if (parts.size() < 3 || !parts.back().ends_with(ending)) return {};
  const std::string &subject = parts[parts.size() - 3], &number = parts[parts.size() - 2];
  if (!subject.starts_with('S') || !parts.back().starts_with(subject + "_" + number + "_")) return {};
  return subject + "/" + number;
}

int parse_label(const std::string& where, std::string_view text) {
  const double value = std::strtod(std::string(text).c_str(), nullptr);
  const int label = static_cast<int>(value);
  if (label != value || label < 1 || label > static_cast<int>(ckplus_labels().size()))
    throw host::Error(host::Exit::input, fmt::format("cannot read {}: `{}` is not a label from 1 to 7", where,
                                                     lower_case(text.substr(0, 20))));
  return label - 1;
}

bool recognises_cohn_kanade(const std::string& path) {
  if (std::filesystem::is_directory(std::filesystem::path(path) / "cohn-kanade-images")) return true;
  const auto read = [](const std::string& name) {
    return std::vector<Entry>(name.find("cohn-kanade-images/") != std::string::npos ? 1 : 0);
  };
  return looks_like(read, path);
}

Dataset load_cohn_kanade(const std::string& path, const LoadOptions& options) {
  std::map<std::string, Sequence> sequences;
  EntryFilter filter;
  filter.wanted = [&](const std::string& name) {
    const std::string of_picture = sequence_of(parts_of(name), ".png");
    if (!of_picture.empty()) sequences[of_picture].frames.insert(parts_of(name).back());
    return !sequence_of(parts_of(name), "_emotion.txt").empty();
  };
  read_entries(path, filter, [&](const std::string& name, std::string_view text) {
    sequences[sequence_of(parts_of(name), "_emotion.txt")].label = parse_label(name, text);
  });
  PictureTree tree{.name = "ckplus", .labels = ckplus_labels(), .extent = 48, .find_faces = true};
  tree.read = [&](const std::string& name) -> std::vector<Entry> {
    const std::vector<std::string> parts = parts_of(name);
    const auto it = sequences.find(sequence_of(parts, ".png"));
    if (it == sequences.end()) return {};
    const Sequence& sequence = it->second;
    if (sequence.label < 0) return {{.skip = "its sequence has no label"}};
    auto last = sequence.frames.rbegin();
    for (size_t i = 0; i < kPeakFrames && last != sequence.frames.rend(); ++i, ++last)
      if (*last == parts.back())
        return {{.label = ckplus_labels()[static_cast<size_t>(sequence.label)], .subject = parts[parts.size() - 3]}};
    return {{.skip = "it is not among the last three frames"}};
  };
  return load_tree(tree, path, options);
}

}  // namespace

const Importer kCohnKanadeImporter = {"cohn_kanade", "CK+ as given out (cohn-kanade-images, Emotion)", kResearchLicence,
                                      recognises_cohn_kanade, load_cohn_kanade};

}  // namespace dimple::data
