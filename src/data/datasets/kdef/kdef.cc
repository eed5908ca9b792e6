// KDEF: 70 adults, seven expressions, five angles, two sessions: AF01/AF01ANS.JPG
//   session A or B, F or M, number of the person, AF afraid AN DI HA NE SA SU, angle FL HL S HR FR
#include <cctype>

#include "data/datasets/importers.h"
#include "data/datasets/name_words.h"

namespace dimple::data {
namespace {

constexpr Code kKdefExpressions[] = {{"af", "fear"},    {"an", "angry"}, {"di", "disgust"}, {"ha", "happy"},
                                     {"ne", "neutral"}, {"sa", "sad"},   {"su", "surprise"}};
constexpr Code kAngles[] = {
    {"fl", "full left"}, {"hl", "half left"}, {"s", "straight"}, {"hr", "half right"}, {"fr", "full right"}};

bool recognises_kdef(const std::string& path) { return looks_like(read_kdef_path, path); }

Dataset load_kdef(const std::string& path, const LoadOptions& options) {
  return load_tree({.name = "kdef",
                    .labels = {"angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"},
                    .groups = {"sex", "angle", "session"},
                    .find_faces = true,
                    .read = read_kdef_path},
                   path, options);
}

}  // namespace

std::vector<Entry> read_kdef_path(const std::string& path) {
  const std::vector<std::string> parts = parts_of(path);
  const std::vector<std::string> words = parts.empty() ? parts : words_of(parts.back());
  if (words.size() != 1 || words[0].size() < 7 || words[0].size() > 8) return {};
  const std::string& name = words[0];
  const bool person = (name[0] == 'a' || name[0] == 'b') && (name[1] == 'f' || name[1] == 'm') &&
                      std::isdigit(static_cast<unsigned char>(name[2])) &&
                      std::isdigit(static_cast<unsigned char>(name[3]));
  if (!person) return {};
  for (const Code& expression : kKdefExpressions)
    for (const Code& angle : kAngles)
      if (name.substr(4, 2) == expression.code && name.substr(6) == angle.code)
        return {{.label = std::string(expression.means),
                 .subject = name.substr(1, 3),
                 .groups = {name[1] == 'f' ? "female" : "male", std::string(angle.means), name.substr(0, 1)}}};
  return {};
}

const Importer kKdefImporter = {"kdef", "KDEF (AF01ANS.JPG)", kResearchLicence, recognises_kdef, load_kdef};

}  // namespace dimple::data
