#include "data/datasets/fer2013/fer2013.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "data/csv.h"
#include "data/dataset.h"
#include "data/datasets/archive.h"
#include "data/datasets/importers.h"
#include "data/duplicates.h"
#include "host/error.h"

namespace dimple::data {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPictureBytes = size_t{kFer2013Extent} * kFer2013Extent;
constexpr size_t kMaxRows = 1'000'000;  // bounds the memory that a hostile compressed file can ask for

struct Usage {
  std::string_view name;
  Split split;
};
constexpr Usage kUsages[] = {
    {"Training", Split::train}, {"PublicTest", Split::validation}, {"PrivateTest", Split::test}};

bool find_split(std::string_view text, Split& split) {
  for (const Usage& usage : kUsages)
    if (usage.name == text) return split = usage.split, true;
  return false;
}

std::string csv_in(const std::string& path) {
  if (!fs::is_directory(path)) return path;
  for (const char* name : {"fer2013.csv", "fer2013.csv.xz", "icml_face_data.csv"})
    if (fs::is_regular_file(fs::path(path) / name)) return (fs::path(path) / name).string();
  return {};
}

// `given`, or `name` beside the csv when it is there, or nothing.
std::string companion(const std::string& given, const std::string& csv, const char* name) {
  if (!given.empty()) return given;
  const fs::path beside = fs::path(csv).parent_path() / name;
  return fs::is_regular_file(beside) ? beside.string() : std::string{};
}

}  // namespace

Fer2013Csv::Fer2013Csv(std::string source) : source_(std::move(source)) {
  set_.name = "fer2013";
  set_.width = set_.height = kFer2013Extent;
  set_.labels.assign(kFer2013Labels.begin(), kFer2013Labels.end());
}

void Fer2013Csv::refuse(int64_t number, const std::string& why) const {
  throw host::Error(host::Exit::input, fmt::format("cannot read {}, line {}: {}", source_, number, why));
}

void Fer2013Csv::header(std::string_view text) {
  split_fields(text, fields_);
  emotion_ = find_column(fields_, "emotion");
  pixels_ = find_column(fields_, "pixels");
  usage_ = find_column(fields_, "Usage");
  const auto need = [&](int column, const char* name) {
    if (column < 0) refuse(1, fmt::format("no column `{}`; FER2013 has emotion, pixels, Usage", name));
  };
  need(emotion_, "emotion");
  need(pixels_, "pixels");
  need(usage_, "Usage");
}

// The one loop that sees every byte of a file of 300 MB: digits and blanks, nothing else, no calls.
void Fer2013Csv::pixels(std::string_view text, int64_t number) {
  const size_t before = set_.pixels.size();
  set_.pixels.resize(before + kPictureBytes);
  uint8_t* out = set_.pixels.data() + before;
  const char *at = text.data(), *end = at + text.size();
  size_t count = 0;
  while (true) {
    while (at != end && *at == ' ') ++at;
    if (at == end) break;
    const char* first = at;
    unsigned value = 0;
    while (at != end && static_cast<unsigned char>(*at - '0') < 10 && at - first < 4)
      value = value * 10 + static_cast<unsigned>(*at++ - '0');
    if (at == first || (at != end && *at != ' '))
      refuse(number, fmt::format("pixel {} is not a number from 0 to 255", count));
    if (value > 255) refuse(number, fmt::format("pixel {} is {}, the most is 255", count, value));
    if (count < kPictureBytes) out[count] = static_cast<uint8_t>(value);
    ++count;
  }
  if (count != kPictureBytes)
    refuse(number,
           fmt::format("{} pixels instead of {} ({}x{})", count, kPictureBytes, kFer2013Extent, kFer2013Extent));
}

void Fer2013Csv::line(std::string_view text, int64_t number) {
  if (number == 1) return header(text);
  if (text.empty()) return;
  if (set_.size() == kMaxRows) refuse(number, fmt::format("more than {} rows", kMaxRows));
  split_fields(text, fields_);
  const auto needed = static_cast<size_t>(std::max({emotion_, pixels_, usage_}));
  if (fields_.size() <= needed)
    refuse(number, fmt::format("{} fields, but the header names more; a short row", fields_.size()));
  int64_t label = 0;
  const std::string_view emotion = fields_[static_cast<size_t>(emotion_)], usage = fields_[static_cast<size_t>(usage_)];
  if (!parse_number(emotion, 0, static_cast<int64_t>(set_.labels.size()) - 1, label))
    refuse(number, fmt::format("emotion `{}` is not a number from 0 to 6", emotion.substr(0, 20)));
  Split split{};
  if (!find_split(usage, split))
    refuse(number, fmt::format("Usage `{}` is not Training, PublicTest or PrivateTest", usage.substr(0, 20)));
  pixels(fields_[static_cast<size_t>(pixels_)], number);
  set_.source_row.push_back(static_cast<int32_t>(set_.label.size()));
  set_.label.push_back(static_cast<int32_t>(label));
  set_.split.push_back(split);
}

Dataset Fer2013Csv::finish() {
  if (emotion_ < 0) throw host::Error(host::Exit::input, fmt::format("cannot read {}: the file is empty", source_));
  if (set_.size() == 0)
    throw host::Error(host::Exit::input, fmt::format("cannot read {}: a header, but no rows", source_));
  set_.duplicate_of = find_duplicates(set_);
  return std::move(set_);
}

void join_votes(Dataset& set, const std::string& votes_csv) {
  const auto refuse = [&](int64_t number, const std::string& why) {
    throw host::Error(host::Exit::input, fmt::format("cannot read {}, line {}: {}", votes_csv, number, why),
                      "the votes must be those of this csv, row by row");
  };
  constexpr std::string_view kNames[] = {"neutral", "happiness", "surprise", "sadness", "anger",
                                         "disgust", "fear",      "contempt", "unknown", "NF"};
  std::vector<std::string_view> fields;
  std::vector<int> columns;
  int usage = -1;
  size_t row = 0;
  set.vote_names.assign(std::begin(kNames), std::end(kNames));
  Lines lines(votes_csv, [&](std::string_view text, int64_t number) {
    split_fields(text, fields);
    if (number == 1) {
      usage = find_column(fields, "Usage");
      for (const std::string_view name : kNames) columns.push_back(find_column(fields, name));
      for (size_t i = 0; i < columns.size(); ++i)
        if (columns[i] < 0) refuse(1, fmt::format("no column `{}`", kNames[i]));
      return;
    }
    if (text.empty()) return;
    if (row >= set.size()) refuse(number, fmt::format("more rows than the {} pictures", set.size()));
    Split split{};
    if (usage >= 0 && static_cast<size_t>(usage) < fields.size() &&
        (!find_split(fields[static_cast<size_t>(usage)], split) || split != set.split[row]))
      refuse(number, fmt::format("Usage `{}`, but picture {} is in {}", fields[static_cast<size_t>(usage)], row,
                                 name_of(set.split[row])));
    for (size_t i = 0; i < columns.size(); ++i) {
      int64_t votes = 0;
      if (static_cast<size_t>(columns[i]) >= fields.size()) refuse(number, "a short row");
      if (!parse_number(fields[static_cast<size_t>(columns[i])], 0, 255, votes))
        refuse(number,
               fmt::format("`{}` is no number of votes", fields[static_cast<size_t>(columns[i])].substr(0, 20)));
      set.votes.push_back(static_cast<uint8_t>(votes));
    }
    ++row;
  });
  read_stream(votes_csv, [&](std::string_view chunk) { lines.feed(chunk); });
  lines.finish();
  if (row != set.size()) refuse(lines.count(), fmt::format("votes for {} pictures, but there are {}", row, set.size()));
}

void join_doubts(Dataset& set, const std::string& doubtful_csv) {
  set.doubt.assign(set.size(), 0);
  std::vector<std::string_view> fields;
  int row_at = -1, flags_at = -1;
  Lines lines(doubtful_csv, [&](std::string_view text, int64_t number) {
    split_fields(text, fields);
    if (number == 1) {
      row_at = find_column(fields, "row");
      flags_at = find_column(fields, "flags");
    }
    int64_t row = 0, flags = 0;
    if (row_at < 0 || flags_at < 0)
      throw host::Error(host::Exit::input, fmt::format("cannot read {}: no columns row,flags", doubtful_csv));
    if (number == 1 || text.empty()) return;
    if (fields.size() <= static_cast<size_t>(std::max(row_at, flags_at)) ||
        !parse_number(fields[static_cast<size_t>(row_at)], 0, static_cast<int64_t>(set.size()) - 1, row) ||
        !parse_number(fields[static_cast<size_t>(flags_at)], 0, 255, flags))
      throw host::Error(host::Exit::input, fmt::format("cannot read {}, line {}: not a row of this set and its flags",
                                                       doubtful_csv, number));
    set.doubt[static_cast<size_t>(row)] = static_cast<uint8_t>(flags);
  });
  read_stream(doubtful_csv, [&](std::string_view chunk) { lines.feed(chunk); });
  lines.finish();
}

namespace {

bool recognises_fer2013(const std::string& path) {
  const std::string csv = csv_in(path);
  if (csv.empty()) return false;
  const std::string beginning = read_beginning(csv, 256);
  std::vector<std::string_view> fields;
  split_fields(std::string_view(beginning).substr(0, beginning.find_first_of("\r\n")), fields);
  // A csv by that name with a broken header is still ours, so that the error can say which column is missing.
  return find_column(fields, "pixels") >= 0 || find_column(fields, "emotion") >= 0 ||
         fs::path(csv).filename().string().starts_with("fer2013");
}

Dataset load_fer2013(const std::string& path, const LoadOptions& options) {
  const std::string csv = csv_in(path);
  Fer2013Csv parser(csv);
  Lines lines(csv, [&](std::string_view text, int64_t number) { parser.line(text, number); });
  read_stream(
      csv, [&](std::string_view chunk) { lines.feed(chunk); }, options.task);
  lines.finish();
  Dataset set = parser.finish();
  if (const std::string votes = companion(options.votes, csv, "fer2013new.csv"); !votes.empty()) join_votes(set, votes);
  if (const std::string doubts = companion(options.doubtful, csv, "doubtful_rows.csv"); !doubts.empty())
    join_doubts(set, doubts);
  set.sha256 = content_sha256(set);
  check(set, csv);
  return set;
}

}  // namespace

const Importer kFer2013Importer = {"fer2013", "FER2013 (the Kaggle csv, plain or compressed)",
                                   "unclear: pictures from the web", recognises_fer2013, load_fer2013};

}  // namespace dimple::data
