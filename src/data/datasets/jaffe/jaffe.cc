// JAFFE: 213 pictures of 10 Japanese women, 256x256 grey, TIFF: KA.AN1.39.tiff (person, expression and take, number).
#include "data/datasets/importers.h"
#include "data/datasets/jaffe/plain_tiff.h"
#include "data/datasets/name_words.h"

namespace dimple::data {
namespace {

constexpr Code kJaffeExpressions[] = {{"an", "angry"},   {"di", "disgust"}, {"fe", "fear"},    {"ha", "happy"},
                                      {"ne", "neutral"}, {"sa", "sad"},     {"su", "surprise"}};

std::vector<Entry> read_jaffe_path(const std::string& path) {
  const std::vector<std::string> parts = parts_of(path);
  if (parts.empty()) return {};
  const std::vector<std::string> words = words_of(parts.back());
  if (words.size() != 3 || words[0].size() != 2 || words[1].size() < 2) return {};
  for (const Code& code : kJaffeExpressions)
    if (words[1].starts_with(code.code) && words[1].find_first_not_of("0123456789", 2) == std::string::npos)
      return {{.label = std::string(code.means), .subject = words[0]}};
  return {};
}

bool recognises_jaffe(const std::string& path) { return looks_like(read_jaffe_path, path); }

Dataset load_jaffe(const std::string& path, const LoadOptions& options) {
  return load_tree({.name = "jaffe",
                    .labels = {"angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"},
                    .find_faces = true,
                    .read = read_jaffe_path,
                    .decode = decode_plain_tiff},
                   path, options);
}

}  // namespace

const Importer kJaffeImporter = {"jaffe", "JAFFE (KA.AN1.39.tiff)", kResearchLicence, recognises_jaffe, load_jaffe};

}  // namespace dimple::data
