// NIMH-ChEFS: 482 photographs of 59 children from 10 to 17, five expressions, gaze direct or averted. Its files are
// called M10HS_6767.jpg: sex and number of the child, expression (H, N and S were seen; A for angry and F for fear are
// unconfirmed), gaze (S straight; A averted is unconfirmed). Otherwise words are looked for, in folders and names, as
// in F01_Afraid_Direct.jpg.
#include <algorithm>
#include <optional>
#include <span>

#include "data/datasets/importers.h"
#include "data/datasets/name_words.h"

namespace dimple::data {
namespace {

struct Meaning {
  char code;
  const char* means;
};
constexpr Meaning kChefsExpressions[] = {{'A', "angry"}, {'F', "fear"}, {'H', "happy"}, {'N', "neutral"}, {'S', "sad"}};
constexpr Meaning kGazes[] = {{'S', "direct"}, {'A', "averted"}};  // straight, averted

const char* find(std::span<const Meaning> meanings, char code) {
  for (const Meaning& m : meanings)
    if (m.code == code) return m.means;
  return nullptr;
}

// "M10HS_6767": sex and number of the child, expression, gaze, number of the picture.
std::optional<Entry> read_code(const std::string& path) {
  const std::vector<std::string> parts = parts_of(path);
  if (parts.empty()) return std::nullopt;
  const std::string& name = parts.back();
  const auto digit = [&](size_t i) { return name[i] >= '0' && name[i] <= '9'; };
  if (name.size() < 6 || (name[0] != 'F' && name[0] != 'M') || !digit(1) || !digit(2) || name[5] != '_')
    return std::nullopt;
  const char *expression = find(kChefsExpressions, name[3]), *gaze = find(kGazes, name[4]);
  if (!expression || !gaze) return std::nullopt;
  return Entry{.label = expression, .subject = lower_case(name.substr(0, 3)), .groups = {gaze}};
}

std::vector<Entry> read_chefs_path(const std::string& path) {
  if (const auto entry = read_code(path)) return {*entry};
  const std::vector<std::string> words = words_of(path), labels = expressions_in(words);
  if (labels.size() != 1) return {{.skip = "its name does not say one expression"}};
  std::string gaze;
  for (const std::string& word : words)
    if (word == "direct" || word == "averted") gaze = word;
  return {{.label = labels[0], .subject = numbered_word(words), .groups = {gaze}}};
}

bool recognises_chefs(const std::string& path) { return last_part_holds(path, "chefs"); }

Dataset load_chefs(const std::string& path, const LoadOptions& options) {
  return load_tree({.name = "chefs",
                    .labels = {"angry", "fear", "happy", "sad", "neutral"},
                    .groups = {"gaze"},
                    .channels = 3,
                    .find_faces = true,
                    .read = read_chefs_path},
                   path, options);
}

}  // namespace

const Importer kChefsImporter = {"chefs", "NIMH-ChEFS (M10HS_6767.jpg, or words in names)", kResearchLicence,
                                 recognises_chefs, load_chefs};

}  // namespace dimple::data
