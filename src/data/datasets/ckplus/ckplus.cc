#include "data/datasets/ckplus/ckplus.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "data/datasets/archive.h"
#include "data/datasets/checksum.h"
#include "data/duplicates.h"
#include "host/error.h"
#include "image/grey.h"
#include "media/decode.h"
#include "model/labels.h"

namespace dimple::data {
namespace {

namespace fs = std::filesystem;

constexpr int kExtent = 48;
constexpr size_t kLargestPng = 64 << 10;
constexpr size_t kMostPictures = 100'000;

const std::vector<std::string>& labels() {
  static const std::vector<std::string> names = {"angry", "contempt", "disgust", "fear", "happy", "sad", "surprise"};
  return names;
}

bool digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// CK+48 itself, when the path is the folder above it.
std::string root_of(const std::string& path) {
  for (const char* inside : {"CK+48", "CK+48.tar"})
    if (const fs::path below = fs::path(path) / inside; fs::is_directory(path) && fs::exists(below))
      return below.string();
  return path;
}

struct Found {
  int32_t label = 0;
  std::string subject;
  std::vector<uint8_t> pixels;
};

Found decode_entry(const std::string& source, const std::string& name, const CkplusName& parts,
                   std::string_view bytes) {
  const std::string where = source + ": " + name;
  const int label = model::find_label(labels(), parts.label);
  if (label < 0)
    throw host::Error(host::Exit::input, fmt::format("cannot read {}: unknown class {}", where, parts.label));
  const media::Picture picture = media::decode({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}, where);
  if (picture.width != kExtent || picture.height != kExtent)
    throw host::Error(host::Exit::input, fmt::format("cannot read {}: {}x{} pixels instead of {}x{}", where,
                                                     picture.width, picture.height, kExtent, kExtent));
  Found found{label, parts.subject, std::vector<uint8_t>(size_t{kExtent} * kExtent)};
  const Status status =
      image::convert_channels(picture.view(), image::packed(found.pixels.data(), kExtent, kExtent, 1));
  if (status != Status::ok)
    throw host::Error(host::Exit::input, fmt::format("cannot read {}: {}", where, describe(status)));
  return found;
}

}  // namespace

bool parse_ckplus_name(const std::string& path, CkplusName& name) {
  const fs::path file(path);
  const std::string stem = file.stem().string();
  const size_t first = stem.find('_'), second = stem.find('_', first + 1);
  if (file.extension() != ".png" || !stem.starts_with('S') || first == std::string::npos || second == std::string::npos)
    return false;
  if (!digits(std::string_view(stem).substr(1, first - 1)) ||
      !digits(std::string_view(stem).substr(first + 1, second - first - 1)) ||
      !digits(std::string_view(stem).substr(second + 1)))
    return false;
  name.label = model::canonical_label(file.parent_path().filename().string());
  name.subject = stem.substr(0, first);
  return !name.label.empty();
}

bool recognises_ckplus(const std::string& path) {
  const fs::path root(root_of(path));
  if (root.filename().string().starts_with("CK+")) return true;
  if (!fs::is_directory(root)) return false;
  return fs::is_directory(root / "contempt") && (fs::is_directory(root / "anger") || fs::is_directory(root / "angry"));
}

Dataset load_ckplus(const std::string& path, const LoadOptions&) {
  const std::string root = root_of(path);
  std::map<std::string, Found> found;  // by name: a tar and a folder give the same order
  CkplusName parts;
  const EntryFilter filter{[&](const std::string& name) { return parse_ckplus_name(name, parts); }, kLargestPng};
  read_entries(root, filter, [&](const std::string& name, std::string_view bytes) {
    if (found.size() == kMostPictures)
      throw host::Error(host::Exit::input, fmt::format("cannot read {}: more than {} pictures", root, kMostPictures));
    found[parts.label + "/" + fs::path(name).filename().string()] = decode_entry(root, name, parts, bytes);
  });
  if (found.empty())
    throw host::Error(host::Exit::input,
                      fmt::format("cannot read {}: no picture <class>/S<subject>_<sequence>_<frame>.png in it", root));
  Dataset set;
  set.name = "ckplus";
  set.width = set.height = kExtent;
  set.labels = labels();
  for (auto& [name, item] : found) {
    set.source_row.push_back(static_cast<int32_t>(set.label.size()));
    set.label.push_back(item.label);
    set.subject.push_back(std::move(item.subject));
    set.split.push_back(Split::train);
    set.pixels.insert(set.pixels.end(), item.pixels.begin(), item.pixels.end());
  }
  set.twin = find_twins(set);
  set.sha256 = content_sha256(set);
  check(set, root);
  return set;
}

}  // namespace dimple::data
