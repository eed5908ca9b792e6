#include "workflow/predict_files.h"

#include <fmt/format.h>

#include <filesystem>

#include "host/csv.h"
#include "host/files.h"
#include "media/annotate.h"

namespace dimple::workflow {
namespace {

std::vector<std::string> csv_header(const std::vector<std::string>& labels) {
  std::vector<std::string> names{"source", "frame", "timestamp_ms", "face_id", "track_id", "x",    "y",
                                 "w",      "h",     "det_score",    "quality", "label",    "score"};
  names.insert(names.end(), labels.begin(), labels.end());
  names.insert(names.end(), {"entropy", "abstain", "reason", "latency_ms", "model"});
  return names;
}

std::vector<std::string> csv_face(const PictureLine& line, size_t number) {
  const PictureResult& picture = line.picture;
  const FaceResult& face = picture.faces[number];
  const auto text = [](float value) { return fmt::format("{:.6g}", value); };
  std::vector<std::string> row{host::csv_text(picture.source),
                               "0",
                               "0",
                               std::to_string(number),
                               "",
                               std::to_string(face.box.x),
                               std::to_string(face.box.y),
                               std::to_string(face.box.width),
                               std::to_string(face.box.height),
                               text(face.det_score),
                               text(face.quality),
                               face.label,
                               text(face.score)};
  for (const auto& [label, score] : face.scores) row.push_back(text(score));
  row.insert(row.end(), {text(face.entropy), face.abstain ? "true" : "false", face.reason,
                         fmt::format("{:.3f}", face.latency_ms), line.model});
  return row;
}

// A picture without a face, or one that could not be read: a row whose face columns are empty.
std::vector<std::string> csv_faceless(const PictureLine& line, size_t labels) {
  std::vector<std::string> row(csv_header(std::vector<std::string>(labels)).size());
  row[0] = host::csv_text(line.picture.source);
  row[1] = row[2] = "0";
  row[row.size() - 3] = host::csv_text(line.picture.read() ? "no face" : line.picture.problem);
  row.back() = line.model;
  return row;
}

// What a kill left of a file whose lines are added one by one: up to the last line that is whole.
std::string whole_lines(const std::filesystem::path& path) {
  if (!host::file_exists(path)) return {};
  std::string text = host::read_text(path);
  text.resize(text.rfind('\n') + 1);
  return text;
}

// Text that a spreadsheet would run as a formula begins with '.
std::string csv_rows(const PictureLine& line, size_t labels) {
  std::string rows;
  for (size_t i = 0; i < line.picture.faces.size(); ++i) rows += host::csv_line(csv_face(line, i));
  return rows.empty() ? host::csv_line(csv_faceless(line, labels)) : rows;
}

}  // namespace

void count(const host::Json& line, PredictSummary& summary) {
  const host::Json faces = line.value("faces", host::Json::array());
  ++summary.pictures;
  summary.unreadable += line.contains("error");
  summary.unwritten += line.contains("unwritten");
  summary.without_face += faces.empty() && !line.contains("error");
  summary.faces += static_cast<int64_t>(faces.size());
  for (const host::Json& face : faces)
    ++summary.shown[face.value("abstain", true) ? "unsure" : face.value("label", "")];
}

PredictionFiles::PredictionFiles(std::filesystem::path folder, std::vector<std::string> labels)
    : folder_(std::move(folder)), labels_(std::move(labels)) {}

std::set<std::string> PredictionFiles::resume(PredictSummary& summary) {
  // A picture counts as read when its line of JSON is there; it is the last that is written.
  const std::filesystem::path path = folder_ / "predictions.jsonl", table = folder_ / "predictions.csv";
  const std::string lines = whole_lines(path);
  std::set<std::string> done, in_table;
  for (size_t begin = 0, end = 0; begin < lines.size(); begin = end + 1) {
    end = lines.find('\n', begin);
    const host::Json line = host::parse_json(lines.substr(begin, end - begin), path.string());
    const std::string source = line.value("source", "");
    done.insert(source);
    in_table.insert(host::csv_text(source));
    count(line, summary);
  }
  std::string kept = host::csv_line(csv_header(labels_));
  for (const auto& row : host::parse_csv(whole_lines(table), table.string()))
    if (in_table.contains(row[0])) kept += host::csv_line(row);
  host::write_atomic(table, kept);
  host::write_atomic(path, lines);
  return done;
}

void PredictionFiles::add(const PictureLine& line, const host::Json& document) {
  const std::filesystem::path table = folder_ / "predictions.csv";
  if (!host::file_exists(table)) host::write_atomic(table, host::csv_line(csv_header(labels_)));
  host::append(table, csv_rows(line, labels_.size()));
  host::append(folder_ / "predictions.jsonl", host::print_json(document) + "\n");
}

void write_summary(const std::filesystem::path& folder, const PredictSummary& summary) {
  host::write_atomic(folder / "summary.json", host::print_json(host::to_json(summary), 2) + "\n");
}

static constexpr size_t kMaxFacesWithBars = 4;  // more bars would hide the people

media::Picture annotated_picture(const media::Picture& picture, const PictureResult& result, bool blur_faces) {
  std::vector<media::AnnotatedFace> faces;
  const bool bars = result.faces.size() <= kMaxFacesWithBars;
  for (const FaceResult& face : result.faces) {
    faces.push_back({face.box, face.label, face.score, {}, face.abstain, face.reason});
    if (bars) faces.back().scores = face.scores;
  }
  if (!blur_faces) return media::annotate(picture, faces);
  media::Picture hidden = picture;
  for (const FaceResult& face : result.faces) media::hide_box(hidden, face.box);
  return media::annotate(hidden, faces);
}

}  // namespace dimple::workflow
