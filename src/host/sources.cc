#include "host/sources.h"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <string_view>

#include "host/csv.h"
#include "host/error.h"
#include "host/files.h"

namespace dimple::host {
namespace fs = std::filesystem;
namespace {

constexpr std::array<std::string_view, 5> kPictures{".jpg", ".jpeg", ".png", ".webp", ".jfif"};
constexpr std::array<std::string_view, 7> kVideos{".mp4", ".mov", ".avi", ".mkv", ".webm", ".m4v", ".mpg"};

std::string extension_of(const std::string& path) {
  std::string end = fs::path(path).extension().string();
  std::transform(end.begin(), end.end(), end.begin(), [](unsigned char c) { return std::tolower(c); });
  return end;
}

template <size_t N>
bool ends_in(const std::string& path, const std::array<std::string_view, N>& ends) {
  return std::find(ends.begin(), ends.end(), extension_of(path)) != ends.end();
}

void refuse_moving_pictures(const std::string& word) {
  const auto refuse = [&](const char* kind) {
    throw Error(Exit::input, fmt::format("cannot read {}: {} cannot be read yet, only pictures", word, kind),
                "save single frames as JPEG or PNG and give their folder");
  };
  if (word.starts_with("cam:")) refuse("a camera");
  if (word.starts_with("rtsp://") || word.starts_with("rtsps://")) refuse("a video stream");
  if (word.find("://") != std::string::npos) {
    throw Error(Exit::input, fmt::format("cannot read {}: nothing is fetched from the network", word),
                "download the picture first");
  }
  if (ends_in(word, kVideos)) refuse("a video file");
}

std::vector<std::string> matches_of(const std::string& pattern) {
  glob_t found{};
  const int problem = ::glob(pattern.c_str(), 0, nullptr, &found);
  const std::unique_ptr<glob_t, void (*)(glob_t*)> freed(&found, &::globfree);
  if (problem != 0) return {};
  return {found.gl_pathv, found.gl_pathv + found.gl_pathc};
}

void add_folder(const std::string& folder, std::vector<Source>& sources) {
  const size_t before = sources.size();
  std::vector<Error> closed;
  for (const fs::path& file : list_files(folder, &closed)) {
    if (looks_like_picture(file.string())) sources.push_back({Source::Kind::file, file.string(), {}});
  }
  if (sources.size() == before && !closed.empty()) throw closed.front();
  for (const Error& error : closed) sources.push_back({Source::Kind::nothing, folder, error.what()});
  if (sources.size() == before) {
    throw Error(Exit::input, fmt::format("no pictures in the folder {}", folder),
                "looked for .jpg, .jpeg, .png and .webp, in folders below it too");
  }
}

// The column named source, path, file or image; without such a heading the first column of every row.
void add_list(const std::string& list, std::vector<Source>& sources) {
  const std::vector<CsvRow> rows = parse_csv(read_csv_text(list), list);
  size_t column = 0, first_row = 0;
  if (!rows.empty()) {
    for (size_t i = 0; i < rows[0].size(); ++i) {
      const std::string& name = rows[0][i];
      if (name == "source" || name == "path" || name == "file" || name == "image") {
        column = i;
        first_row = 1;
        break;
      }
    }
  }
  const size_t before = sources.size();
  const fs::path beside = fs::path(list).parent_path();
  for (size_t i = first_row; i < rows.size(); ++i) {
    if (rows[i].size() <= column || rows[i][column].empty()) {
      throw Error(Exit::input, fmt::format("{}: line {} names no file", list, rows[i].line));
    }
    const fs::path named = rows[i][column];
    const bool relative_to_list = named.is_relative() && file_exists(beside / named);
    sources.push_back({Source::Kind::file, relative_to_list ? (beside / named).string() : named.string(), {}});
  }
  if (sources.size() == before) throw Error(Exit::input, fmt::format("{} names no pictures", list));
}

void add_word(const std::string& word, std::vector<Source>& sources) {
  if (word == "-") {
    if (std::any_of(sources.begin(), sources.end(), [](auto& s) { return s.kind == Source::Kind::standard_input; })) {
      throw Error(Exit::usage, "- (standard input) can be given only once");
    }
    sources.push_back({Source::Kind::standard_input, "-", {}});
    return;
  }
  if (is_folder(word)) return add_folder(word, sources);
  refuse_moving_pictures(word);
  if (extension_of(word) == ".csv") return add_list(word, sources);
  if (file_exists(word) || word.find_first_of("*?[") == std::string::npos) {
    sources.push_back({Source::Kind::file, word, {}});
    return;
  }
  const std::vector<std::string> found = matches_of(word);
  if (found.empty()) throw Error(Exit::input, fmt::format("no file matches {}", word));
  for (const std::string& path : found) {
    if (is_folder(path))
      add_folder(path, sources);
    else
      sources.push_back({Source::Kind::file, path, {}});
  }
}

}  // namespace

bool looks_like_picture(const std::string& path) { return ends_in(path, kPictures); }

std::vector<Source> expand_sources(const std::vector<std::string>& words) {
  std::vector<Source> sources;
  for (const std::string& word : words) {
    try {
      add_word(word, sources);
    } catch (const Error& error) {
      if (words.size() == 1 || error.exit() != Exit::input) throw;
      sources.push_back({Source::Kind::nothing, word, error.what()});
    }
  }
  return sources;
}

}  // namespace dimple::host
