// The muxspace portraits: 13.7 K whole heads whose names carry the person's name, with students' labels:
//   muxspace192.tar (or unpacked)   Aaron_Eckhart_0001.jpg
//   labels.csv beside it or in it   file,label,label_conflict,...
// or, as it was published, data/legend.csv: user.id,image,emotion, a line for each student. Labels that two students
// disagreed on are marked doubtful; pictures without one are left out.
#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "data/datasets/archive.h"
#include "data/datasets/csv_rows.h"
#include "data/datasets/importers.h"
#include "data/datasets/name_words.h"
#include "host/error.h"
#include "model/labels.h"

namespace dimple::data {
namespace {

namespace fs = std::filesystem;

constexpr const char *kMuxspaceTable = "labels.csv",
                     *kLegend = "legend.csv";  // the latter: upstream, a line for each voter

// The archive, when the path is the folder in which it stands beside its table.
std::string muxspace_root(const std::string& path) {
  if (fs::is_directory(path))
    for (const char* name : {"muxspace192.tar", "muxspace192"})
      if (const fs::path inside = fs::path(path) / name; fs::exists(inside)) return inside.string();
  return path;
}

bool recognises_muxspace(const std::string& path) {
  return last_part_holds(muxspace_root(path), "muxspace") && looks_like(read_muxspace_path, muxspace_root(path));
}

Dataset load_muxspace(const std::string& path, const LoadOptions& options) {
  const std::string root = muxspace_root(path);
  std::map<std::string, Entry> known;
  if (const auto text = find_text(root, kMuxspaceTable, options.task))
    read_csv_text(*text, kMuxspaceTable, {"file", "label", "label_conflict"},
                  [&](const std::vector<std::string_view>& f, int64_t) {
                    known[std::string(f[0])] = {.label = std::string(f[1]),
                                                .doubt = static_cast<uint8_t>(f[2] == "0" ? 0 : kDoubtLabel)};
                  });
  else if (const auto legend = find_text(root, kLegend, options.task))
    read_csv_text(*legend, kLegend, {"image", "emotion"}, [&](const std::vector<std::string_view>& f, int64_t) {
      const auto [it, first] = known.try_emplace(std::string(f[0]), Entry{.label = std::string(f[1])});
      if (!first && model::canonical_label(it->second.label) != model::canonical_label(std::string(f[1])))
        it->second.doubt = kDoubtLabel;
    });
  else
    throw host::Error(host::Exit::input, fmt::format("cannot read {}: there is no {} beside it", root, kMuxspaceTable));
  PictureTree tree{.name = "muxspace",
                   .labels = {"angry", "contempt", "disgust", "fear", "happy", "neutral", "sad", "surprise"},
                   .find_faces = true};
  tree.read = [&](const std::string& name) {
    std::vector<Entry> entries = read_muxspace_path(name);
    const auto it = known.find(fs::path(name).filename().string());
    if (it == known.end() || it->second.label.empty()) {
      entries[0].skip = "it has no label in labels.csv";
    } else {
      entries[0].label = it->second.label;
      entries[0].doubt = it->second.doubt;
    }
    return entries;
  };
  for (const auto& [file, entry] : known) tree.promised.push_back(file);
  return load_tree(tree, root, options);
}

}  // namespace

// Most names end in four digits, those of some actors in fewer; a few pictures name no person.
std::vector<Entry> read_muxspace_path(const std::string& path) {
  const std::string stem = fs::path(path).stem().string();
  const size_t number = stem.rfind('_');
  const bool named = number != std::string::npos && number > 0 && number + 1 < stem.size() &&
                     stem.find_first_not_of("0123456789", number + 1) == std::string::npos;
  return {{.subject = named ? stem.substr(0, number) : ""}};
}

const Importer kMuxspaceImporter = {"muxspace", "muxspace portraits (labels.csv or legend.csv)", "Apache-2.0",
                                    recognises_muxspace, load_muxspace};

}  // namespace dimple::data
