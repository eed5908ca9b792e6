// AffectNet, manually annotated, in the forms it is held in:
//   training.csv, validation.csv   subDirectory_filePath,face_x,face_y,face_width,face_height,...,expression,...
//   train_set/, val_set/           images/17.jpg and annotations/17_exp.npy, which holds the number of the class
//   train_class/class001/*.jpg, val_class/...   or any train|val / number or name of the class / picture
// 0 neutral 1 happy 2 sad 3 surprise 4 fear 5 disgust 6 angry 7 contempt; 8 none 9 uncertain 10 no face are left out.
// The test part was never given out: results are reported on the validation part, which therefore is our test split.
#include <fmt/format.h>

#include <filesystem>

#include "data/csv.h"
#include "data/datasets/affectnet/npy_whole.h"
#include "data/datasets/csv_rows.h"
#include "data/datasets/importers.h"
#include "data/datasets/name_words.h"
#include "host/error.h"
#include "host/files.h"

namespace dimple::data {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kAffectnetLabels[] = {"neutral", "happy",    "sad",  "surprise",  "fear",   "disgust",
                                                 "angry",   "contempt", "none", "uncertain", "no face"};
constexpr size_t kAffectnetExpressions = 8;
constexpr std::string_view kNothing = "NULL";

struct List {
  const char* name;
  Split split;
};
constexpr List kLists[] = {{"training.csv", Split::train}, {"validation.csv", Split::test}};

// Beside the pictures or in the folder of lists that is packed apart from them.
std::string list_in(const std::string& path, const char* name) {
  for (const char* folder : {"", "Manually_Annotated_file_lists"})
    if (const fs::path file = fs::path(path) / folder / name; fs::is_regular_file(file)) return file.string();
  return {};
}

bool has_lists(const std::string& path) {
  for (const List& list : kLists)
    if (!list_in(path, list.name).empty()) return true;
  return false;
}

int64_t whole(std::string_view text, int64_t low, int64_t high, const std::string& where, int64_t line) {
  int64_t value = 0;
  const std::string_view digits = text.substr(0, text.find('.'));  // "4.0" in some copies
  if (!parse_number(digits, low, high, value))
    throw host::Error(host::Exit::input, fmt::format("cannot read {}, line {}: `{}` is not a number from {} to {}",
                                                     where, line, text.substr(0, 20), low, high));
  return value;
}

// A number of AffectNet's as an entry; the last three are no expressions.
Entry entry_of(size_t label, Split split) {
  Entry entry{.label = std::string(kAffectnetLabels[label]), .split = split};
  if (label >= kAffectnetExpressions) entry.skip = fmt::format("labelled `{}`", entry.label);
  return entry;
}

void read_list(const std::string& path, Split split, EntryTable& table) {
  read_csv_file(path, {"subDirectory_filePath", "face_x", "face_y", "face_width", "face_height", "expression"},
                [&](const std::vector<std::string_view>& f, int64_t line) {
                  if (f[5] == kNothing)  // a row or two of some copies
                    return table.add(std::string(f[0]), {.split = split, .skip = "its list says NULL"});
                  const int64_t label = whole(f[5], 0, std::ssize(kAffectnetLabels) - 1, path, line);
                  Entry entry = entry_of(static_cast<size_t>(label), split);
                  const auto side = [&](size_t i) {
                    return f[i] == kNothing ? 0 : static_cast<int32_t>(whole(f[i], -1, 1 << 16, path, line));
                  };
                  if (entry.skip.empty() && side(3) > 0 && side(4) > 0)
                    entry.face = image::Box{side(1), side(2), side(3), side(4)};
                  table.add(std::string(f[0]), std::move(entry));
                });
}

Split ours(Split split) { return split == Split::validation ? Split::test : split; }

constexpr std::string_view kAnnotation = "_exp.npy";

// images/ and annotations/ as AffectNet has them (others have folders of these names too), here or for each split.
bool has_annotations(const std::string& path) {
  constexpr int kLookedAt = 1000;
  for (const char* part : {"", "train_set", "val_set"}) {
    const fs::path folder = fs::path(path) / part;
    std::error_code none;
    if (!fs::is_directory(folder / "images", none)) continue;
    int seen = 0;
    for (const auto& file : fs::directory_iterator(folder / "annotations", none))
      if (file.path().filename().string().ends_with(kAnnotation))
        return true;
      else if (++seen == kLookedAt)
        break;
  }
  return false;
}

// Every picture has a file of its own for its class. Throws host::Error when that file is missing or no such thing.
std::vector<Entry> read_annotated(const fs::path& root, const std::string& path) {
  const fs::path picture(path), folder = picture.parent_path().parent_path();
  if (picture.parent_path().filename() != "images") return {};
  const fs::path file = root / folder / "annotations" / fmt::format("{}{}", picture.stem().string(), kAnnotation);
  const std::string bytes = host::read_text(file, {.limit_bytes = 1 << 16, .exit = host::Exit::input});
  const int64_t label = read_npy_whole(bytes, file.string());
  if (label < 0 || label >= std::ssize(kAffectnetLabels))
    throw host::Error(host::Exit::input,
                      fmt::format("cannot read {}: {} is no class of AffectNet", file.string(), label));
  fs::path whole = fs::absolute(root / folder).lexically_normal();
  if (!whole.has_filename()) whole = whole.parent_path();  // "val_set/"
  const std::string part = whole.filename().string();
  return {entry_of(static_cast<size_t>(label), ours(split_of_folder(part).value_or(Split::train)))};
}

std::vector<Entry> read_affectnet_path(const std::string& path) {
  const std::vector<std::string> parts = parts_of(path);
  if (parts.size() < 3) return {};
  const auto split = split_of_folder(parts[parts.size() - 3]);
  if (!split) return {};
  const std::string& folder = parts[parts.size() - 2];
  if (folder == "images") return {{.skip = "its class stands in a file of its own: unpack the archive"}};
  const std::string number = folder.starts_with("class") ? folder.substr(5) : folder;
  int64_t code = 0;
  if (!parse_number(number, 0, 999, code)) return {{.label = folder, .split = ours(*split)}};
  if (code >= std::ssize(kAffectnetLabels)) return {{.skip = fmt::format("class {}", code)}};
  return {{.label = std::string(kAffectnetLabels[static_cast<size_t>(code)]), .split = ours(*split)}};
}

bool recognises_affectnet(const std::string& path) {
  if (fs::is_directory(path) && (has_lists(path) || has_annotations(path))) return true;
  return last_part_holds(path, "affectnet") && looks_like(read_affectnet_path, path);
}

Dataset load_affectnet(const std::string& path, const LoadOptions& options) {
  PictureTree tree{.name = "affectnet",
                   .labels = {kAffectnetLabels, kAffectnetLabels + kAffectnetExpressions},
                   .channels = 3,
                   .read = read_affectnet_path};
  EntryTable table;
  if (has_lists(path)) {
    for (const List& list : kLists)
      if (const std::string file = list_in(path, list.name); !file.empty()) read_list(file, list.split, table);
    tree.read = [&](const std::string& name) { return table.find(name); };
    tree.promised = table.paths();
  } else if (fs::is_directory(path) && has_annotations(path)) {
    tree.read = [&](const std::string& name) { return read_annotated(path, name); };
  }
  return load_tree(tree, path, options);
}

}  // namespace

const Importer kAffectnetImporter = {"affectnet",
                                     "AffectNet (csv lists, folders of classes, or images/ and annotations/)",
                                     kResearchLicence, recognises_affectnet, load_affectnet};

}  // namespace dimple::data
