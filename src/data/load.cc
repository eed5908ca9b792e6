#include "data/load.h"

#include <fmt/format.h>

#include <filesystem>

#include "data/cache.h"
#include "data/dataset.h"
#include "data/label_map.h"
#include "data/pool.h"
#include "data/quarantine.h"
#include "data/resize.h"
#include "data/split_file.h"
#include "host/error.h"
#include "host/suggest.h"

namespace dimple::data {
namespace {

using host::Error;
using host::Exit;

bool is_there(const std::string& path) {
  std::error_code none;
  return std::filesystem::exists(path, none);
}

Dataset read_one(const std::string& path, const LoadOptions& options) {
  if (!is_there(path)) throw Error(Exit::input, fmt::format("cannot read {}: no such file or folder", path));
  if (is_cache(path)) return load_cache(path);
  std::vector<std::string> names;
  for (const Importer& importer : importers()) {
    if (options.importer.empty() ? importer.recognises(path) : options.importer == importer.name)
      return importer.load(path, options);
    names.push_back(importer.name);
  }
  if (!options.importer.empty()) host::check_choice("importer", options.importer, names);
  throw Error(Exit::input, fmt::format("cannot read {}: not a dataset that is known here", path),
              names.empty()
                  ? "this build reads tensor caches alone (dimple data cache)"
                  : fmt::format("of your own: a folder for each class, or a csv of path,label; `dimple data list` "
                                "names all {} kinds",
                                names.size()));
}

void check_options(const LoadOptions& options) {
  constexpr int32_t kLargest = 1024;
  host::check_choice("faces", options.faces, {"auto", "find", "whole"});
  if (options.size < 0 || options.size > kLargest)
    throw Error(Exit::usage, fmt::format("--size {}: pictures can be 1 to {} pixels wide", options.size, kLargest));
  if (options.channels != 0 && options.channels != 1 && options.channels != 3)
    throw Error(Exit::usage, fmt::format("--channels {}: there are 1 (grey) and 3 (colour)", options.channels));
}

Dataset pooled(std::vector<Dataset> sets, const LoadOptions& options) {
  // Sets of several sizes meet at the smallest: what was never there is not invented.
  int32_t size = options.size, channels = options.channels;
  for (const Dataset& set : sets) {
    if (options.size == 0 && (size == 0 || set.width < size)) size = set.width;
    if (options.channels == 0 && (channels == 0 || set.channels < channels)) channels = set.channels;
  }
  for (Dataset& set : sets) {
    resize_pictures(set, size, channels);
    if (set.framing != sets[0].framing)
      options.task.progress().say(
          fmt::format("{} frames faces otherwise than {}: what is learned here crops them like {}", set.name,
                      sets[0].name, sets[0].name));
  }
  return pool_sets(sets);
}

}  // namespace

std::vector<std::string> paths_of(const std::string& data) {
  return is_there(data) ? std::vector{data} : host::comma_separated(data);
}

Dataset load_dataset(const std::string& path, const LoadOptions& options) {
  check_options(options);
  const LabelMap map = make_label_map(options.labels, options.map);
  std::vector<Dataset> sets;
  for (const std::string& one : paths_of(path)) sets.push_back(read_one(one, options));
  if (sets.empty()) throw Error(Exit::input, "cannot read the data: no file or folder is named");
  Dataset set = sets.size() > 1 ? pooled(std::move(sets), options) : std::move(sets[0]);
  resize_pictures(set, options.size, options.channels);
  apply_label_map(set, map);
  if (!options.split.empty()) apply_split_csv(set, options.split, options.force);
  if (set.sha256.empty() || !map.empty() || !options.split.empty()) set.sha256 = content_sha256(set);
  check(set, path);
  say_remarks(set, options.task);
  return set;
}

}  // namespace dimple::data
