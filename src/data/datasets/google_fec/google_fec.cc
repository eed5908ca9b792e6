// Google's facial expression comparisons: addresses of pictures, boxes in them, and which two of three look alike.
//   faceexp-comparison-data-train-public.csv, ...-test-public.csv     three times address, left, right, top, bottom
//                                                                     (shares of the sides), then what people said
//   the pictures themselves, as far as they are held: any folder, by the last part of their address
// It has comparisons and no classes: without labels it is a pool of faces, all called unlabelled, that can be checked
// and not learned from. With a table labels.csv of your own (path,label) it is a data set.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>

#include "data/csv.h"
#include "data/datasets/archive.h"
#include "data/datasets/importers.h"
#include "data/datasets/table/table.h"
#include "data/quarantine.h"
#include "host/error.h"

namespace dimple::data {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBeginning = "faceexp-comparison-data-";
constexpr size_t kFaces = 3, kFieldsPerFace = 5;

struct Face {
  Shares box;
  Split split = Split::train;
};
using Faces = std::map<std::string, std::vector<Face>, std::less<>>;  // by file name

std::vector<std::string> lists_in(const std::string& path) {
  std::vector<std::string> lists;
  std::error_code none;
  for (const auto& item : fs::directory_iterator(path, none))
    if (item.path().filename().string().starts_with(kBeginning) && item.path().extension() == ".csv")
      lists.push_back(item.path().string());
  std::ranges::sort(lists);
  return lists;
}

bool parse_share(std::string_view text, float& share) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), share);
  return error == std::errc{} && end == text.data() + text.size() && share >= 0 && share <= 1;
}

void read_list(const std::string& list, Faces& faces) {
  const Split split = list.find("-test-") != std::string::npos ? Split::test : Split::train;
  std::vector<std::string_view> f;
  Lines lines(list, [&](std::string_view line, int64_t number) {
    if (line.empty()) return;
    split_fields(line, f);
    for (size_t face = 0; face < kFaces; ++face) {
      const size_t at = face * kFieldsPerFace;
      Shares box;
      if (f.size() < at + kFieldsPerFace || !parse_share(f[at + 1], box.left) || !parse_share(f[at + 2], box.right) ||
          !parse_share(f[at + 3], box.top) || !parse_share(f[at + 4], box.bottom))
        throw host::Error(host::Exit::input,
                          fmt::format("cannot read {}, line {}: not three addresses, each with four shares from 0 to 1",
                                      list, number));
      const std::string_view name = f[at].substr(f[at].rfind('/') + 1);
      auto it = faces.find(name);
      if (it == faces.end()) it = faces.emplace(std::string(name), std::vector<Face>{}).first;
      if (std::ranges::find(it->second, box, &Face::box) != it->second.end()) continue;
      if (it->second.size() == kMostFaces)
        throw host::Error(host::Exit::input, fmt::format("cannot read {}, line {}: more than {} faces in one picture",
                                                         list, number, kMostFaces));
      it->second.push_back({box, split});
    }
  });
  read_stream(list, [&](std::string_view chunk) { lines.feed(chunk); });
  lines.finish();
}

bool recognises_google_fec(const std::string& path) { return fs::is_directory(path) && !lists_in(path).empty(); }

Dataset load_google_fec(const std::string& path, const LoadOptions& options) {
  Faces faces;
  for (const std::string& list : lists_in(path)) read_list(list, faces);
  PictureTable table;
  if (const auto text = find_text(path, "labels.csv")) table = read_picture_table(*text, "labels.csv");
  PictureTree tree{.name = "google_fec", .groups = table.groups, .channels = 3};
  int32_t held = 0;
  tree.read = [&](const std::string& name) {
    std::vector<Entry> entries;
    const auto it = faces.find(fs::path(name).filename().string());
    if (it == faces.end()) return entries;
    ++held;
    const std::vector<Entry> labelled = table.entries.find(name);
    for (const Face& face : it->second) {
      Entry entry{.label = "unlabelled"};
      if (!labelled.empty())
        entry = labelled[0];
      else if (!table.entries.empty())
        entry.skip = "it has no label in labels.csv";
      entry.shares = face.box;
      if (labelled.empty() || table.entries.empty()) entry.split = face.split;
      entries.push_back(std::move(entry));
    }
    return entries;
  };
  Dataset set = load_tree(tree, path, options);
  leave_out(set, "named in the comparisons, but not held", static_cast<int32_t>(faces.size()) - held);
  return set;
}

}  // namespace

const Importer kGoogleFecImporter = {"google_fec", "Google's facial expression comparisons (csv and held pictures)",
                                     "addresses only; each picture has its own", recognises_google_fec,
                                     load_google_fec};

}  // namespace dimple::data
