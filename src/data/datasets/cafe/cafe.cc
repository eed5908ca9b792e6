// CAFE: 1,192 photographs of 154 children from 2 to 8, seven expressions, with the mouth open and closed:
//   <number>-<expression>[open]_<F|M>-<AA|AS|EA|LA|SA>-<child>.jpg       9977-angry_F-AA-01.jpg
// or a table cafe.csv beside the pictures, made from the spreadsheet that comes with the set:
//   path,label,subject,ethnicity,mouth
// It is there to be tested on: no picture of it is ever trained on.
#include "data/datasets/archive.h"
#include "data/datasets/importers.h"
#include "data/datasets/name_words.h"
#include "data/datasets/table/table.h"

namespace dimple::data {
namespace {

constexpr const char* kCafeTable = "cafe.csv";

constexpr Code kEthnicities[] = {
    {"aa", "African American"}, {"as", "Asian"}, {"ea", "European American"}, {"la", "Latino"}, {"sa", "South Asian"}};

bool recognises_cafe(const std::string& path) {
  return looks_like(read_cafe_path, path) || (last_part_holds(path, "cafe") && find_text(path, kCafeTable).has_value());
}

Dataset load_cafe(const std::string& path, const LoadOptions& options) {
  PictureTree tree{.name = "cafe",
                   .labels = {"angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"},
                   .groups = {"ethnicity", "mouth", "sex"},
                   .channels = 3,
                   .find_faces = true,
                   .test_only = true,
                   .read = read_cafe_path};
  PictureTable table;
  if (const auto text = find_text(path, kCafeTable)) {
    table = read_picture_table(*text, kCafeTable);
    tree.groups = table.groups;
    tree.promised = table.entries.paths();
    tree.read = [&](const std::string& name) { return table.entries.find(name); };
  }
  return load_tree(tree, path, options);
}

}  // namespace

std::vector<Entry> read_cafe_path(const std::string& path) {
  const std::vector<std::string> parts = parts_of(path);
  const std::vector<std::string> words = parts.empty() ? parts : words_of(parts.back());  // 9977 angry f aa 01
  if (words.size() < 5 || (words[2] != "f" && words[2] != "m")) return {};
  std::string label = words[1], mouth = "closed";
  for (const std::string_view state : {"open", "closed"})
    if (label.size() > state.size() && label.ends_with(state)) {
      label.resize(label.size() - state.size());
      mouth = state;
    }
  const std::vector<std::string> expression = expressions_in({label});
  if (expression.empty()) return {};
  if (expression[0] == "surprise") mouth = "open";  // never posed otherwise
  for (const Code& ethnicity : kEthnicities)
    if (words[3] == ethnicity.code)
      return {{.label = label,
               .subject = words[2] + "-" + words[3] + "-" + words[4],
               .groups = {std::string(ethnicity.means), mouth, words[2] == "f" ? "female" : "male"},
               .split = Split::test}};
  return {};
}

const Importer kCafeImporter = {"cafe", "CAFE (file names, or cafe.csv); for tests only", "research, authorised users",
                                recognises_cafe, load_cafe};

}  // namespace dimple::data
