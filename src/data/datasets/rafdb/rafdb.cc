// RAF-DB, the single-label part: 15,339 pictures, aligned to 100x100.
//   EmoLabel/list_patition_label.txt      train_00001.jpg 5
//   Image/aligned/train_00001_aligned.jpg (else Image/original/train_00001.jpg)
//   Annotation/manual/train_00001_manu_attri.txt, if it is there: five points, then sex, race and age as numbers
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "data/csv.h"
#include "data/datasets/archive.h"
#include "data/datasets/importers.h"
#include "data/datasets/name_words.h"
#include "host/error.h"

namespace dimple::data {
namespace {

constexpr std::string_view kRafdbList = "list_patition_label.txt", kListSpeltRight = "list_partition_label.txt",
                           kAttributes = "_manu_attri.txt", kAligned = "_aligned.jpg";
constexpr std::string_view kRafdbLabels[] = {"surprise", "fear",  "disgust", "happy",
                                             "sad",      "angry", "neutral"};  // from 1
constexpr std::string_view kSexes[] = {"male", "female", "unsure"};
constexpr std::string_view kRaces[] = {"Caucasian", "African-American", "Asian"};
constexpr std::string_view kAges[] = {"0-3", "4-19", "20-39", "40-69", "70+"};

std::vector<std::string_view> blank_separated(std::string_view text) {
  std::vector<std::string_view> words;
  constexpr std::string_view kBlanks = " \t\r\n";
  for (size_t at = text.find_first_not_of(kBlanks); at != std::string_view::npos;) {
    const size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(kBlanks, end);
  }
  return words;
}

// Sex, race and age are the last three of thirteen numbers; "" for one that is not as expected.
std::vector<std::string> attributes_of(std::string_view text) {
  const auto words = blank_separated(text);
  const auto name = [&](size_t place, std::span<const std::string_view> names) {
    int64_t code = 0;
    const bool known = words.size() == 13 && parse_number(words[place], 0, std::ssize(names) - 1, code);
    return std::string(known ? names[static_cast<size_t>(code)] : "");
  };
  return {name(10, kSexes), name(11, kRaces), name(12, kAges)};
}

// "train_00001" of any of the names that a picture has.
std::string key_of_name(const std::string& name) {
  std::string stem = std::filesystem::path(name).stem().string();
  for (const std::string_view more : {"_aligned", "_manu_attri"})
    if (stem.ends_with(more)) stem.resize(stem.size() - more.size());
  return stem;
}

std::map<std::string, Entry> read_list(const std::string& path) {
  auto text = find_text(path, std::string(kRafdbList));
  if (!text) text = find_text(path, std::string(kListSpeltRight));
  if (!text)
    throw host::Error(host::Exit::input, fmt::format("cannot read {}: there is no {} in it", path, kRafdbList));
  std::map<std::string, Entry> entries;
  Lines lines(std::string(kRafdbList), [&](std::string_view line, int64_t number) {
    const auto words = blank_separated(line);
    if (words.empty()) return;
    int64_t label = 0;
    if (words.size() != 2 || !parse_number(words[1], 1, std::ssize(kRafdbLabels), label))
      throw host::Error(host::Exit::input,
                        fmt::format("cannot read {}, line {}: not a name and a label from 1 to 7", kRafdbList, number));
    entries[key_of_name(std::string(words[0]))] = {.label = std::string(kRafdbLabels[static_cast<size_t>(label - 1)]),
                                                   .split = split_of_folder(words[0]).value_or(Split::train)};
  });
  lines.feed(*text);
  lines.finish();
  return entries;
}

bool recognises_rafdb(const std::string& path) {
  const auto is_list = [](const std::string& name) {
    return name.ends_with(kRafdbList) || name.ends_with(kListSpeltRight);
  };
  const auto is_ours = [&](const std::string& name) { return is_picture_name(name) || is_list(name); };
  return std::ranges::any_of(first_names(path, is_ours, 64),
                             [&](const std::string& name) { return is_list(name) || name.ends_with(kAligned); });
}

Dataset load_rafdb(const std::string& path, const LoadOptions& options) {
  std::map<std::string, Entry> entries = read_list(path);
  bool aligned = false;
  EntryFilter filter;
  filter.wanted = [&](const std::string& name) {
    aligned |= name.ends_with(kAligned);
    return name.ends_with(kAttributes);
  };
  read_entries(path, filter, [&](const std::string& name, std::string_view text) {
    if (const auto it = entries.find(key_of_name(name)); it != entries.end()) it->second.groups = attributes_of(text);
  });
  PictureTree tree{.name = "rafdb",
                   .labels = {kRafdbLabels, kRafdbLabels + std::size(kRafdbLabels)},
                   .groups = {"sex", "race", "age"},
                   .extent = 100,
                   .channels = 3,
                   .find_faces = !aligned};
  for (const auto& [key, entry] : entries) tree.promised.push_back(key + (aligned ? std::string(kAligned) : ".jpg"));
  tree.read = [&](const std::string& name) -> std::vector<Entry> {
    if (name.ends_with(kAligned) != aligned) return {};
    const auto it = entries.find(key_of_name(name));
    return it == entries.end() ? std::vector<Entry>{} : std::vector{it->second};
  };
  return load_tree(tree, path, options);
}

}  // namespace

const Importer kRafdbImporter = {"rafdb", "RAF-DB (list_patition_label.txt, Image)", kResearchLicence, recognises_rafdb,
                                 load_rafdb};

}  // namespace dimple::data
