// Miniature data sets for tests: trees and archives of small pictures, made on the spot.
#pragma once
#include <archive.h>
#include <archive_entry.h>

#include <string>
#include <utility>
#include <vector>

#include "data/load.h"
#include "data/sets_testing.h"
#include "host/random.h"
#include "media/encode.h"

namespace dimple::data {

using File = std::pair<std::string, std::string>;  // name, bytes

inline std::string noise_png(uint64_t seed, int extent = 16, int channels = 3) {
  media::Picture picture(extent, extent, channels);
  host::Random random(seed);
  for (uint8_t& pixel : picture.pixels) pixel = static_cast<uint8_t>(random.below(256));
  const auto bytes = media::encode_png(picture);
  return {bytes.begin(), bytes.end()};
}

// A new folder with these files; a name without bytes becomes a picture of its own.
inline std::string plant(const std::string& folder, const std::vector<File>& files) {
  const std::string path = temporary(folder);
  std::filesystem::remove_all(path);
  std::filesystem::create_directories(path);
  uint64_t seed = 100;
  for (const auto& [name, bytes] : files) write_file(folder + "/" + name, bytes.empty() ? noise_png(++seed) : bytes);
  return path;
}

// Frees the writer.
inline std::string pack(struct archive* a, const std::string& name, const std::vector<File>& files) {
  const std::string path = temporary(name);
  archive_write_open_filename(a, path.c_str());
  for (const auto& [file, bytes] : files) {
    struct archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, file.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
    archive_write_header(a, entry);
    archive_write_data(a, bytes.data(), bytes.size());
    archive_entry_free(entry);
  }
  archive_write_close(a);
  archive_write_free(a);
  return path;
}

inline std::string tar_of(const std::string& name, const std::vector<File>& files) {
  struct archive* a = archive_write_new();
  archive_write_set_format_ustar(a);
  return pack(a, name, files);
}

// `how`: store or deflate.
inline std::string zip_of(const std::string& name, const std::vector<File>& files, const char* how) {
  struct archive* a = archive_write_new();
  archive_write_set_format_zip(a);
  EXPECT_EQ(archive_write_set_format_option(a, "zip", "compression", how), ARCHIVE_OK);
  return pack(a, name, files);
}

// Noise has no faces to be found.
inline LoadOptions whole_pictures() {
  LoadOptions options;
  options.faces = "whole";
  return options;
}

// "happy train f-aa-01 African American/open": label, split, subject and groups of a row.
inline std::string row_text(const Dataset& set, size_t i) {
  std::string text = set.labels[static_cast<size_t>(set.label[i])] + " " + name_of(set.split[i]);
  if (!set.subject.empty()) text += " " + set.subject[i];
  std::string groups;
  for (const Group& group : set.groups) groups += (&group == &set.groups[0] ? " " : "/") + group.value[i];
  return text + groups;
}

}  // namespace dimple::data
