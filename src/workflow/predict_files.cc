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

std::vector<std::string> csv_face(const PredictReport& report, const PictureResult& picture, size_t number) {
  const FaceResult& face = picture.faces[number];
  const auto text = [](float value) { return fmt::format("{:.6g}", value); };
  std::vector<std::string> row{picture.source,
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
                         fmt::format("{:.3f}", face.latency_ms), report.summary.model});
  return row;
}

// A picture without a face, or one that could not be read: a row whose face columns are empty.
std::vector<std::string> csv_faceless(const PredictReport& report, const PictureResult& picture) {
  std::vector<std::string> row(csv_header(report.labels).size());
  row[0] = picture.source;
  row[1] = row[2] = "0";
  row[row.size() - 3] = picture.read() ? "no face" : picture.problem;
  row.back() = report.summary.model;
  return row;
}

}  // namespace

std::string predictions_csv(const PredictReport& report) {
  std::string csv = host::csv_line(csv_header(report.labels));
  for (const PictureResult& picture : report.pictures) {
    for (size_t i = 0; i < picture.faces.size(); ++i) csv += host::csv_line(csv_face(report, picture, i));
    if (picture.faces.empty()) csv += host::csv_line(csv_faceless(report, picture));
  }
  return csv;
}

void write_prediction_files(const PredictReport& report) {
  const std::filesystem::path folder = report.folder;
  std::string lines;
  for (const PictureResult& picture : report.pictures)
    lines += host::print_json(host::to_json(PictureLine{report.summary.model, picture})) + "\n";
  host::write_atomic(folder / "predictions.csv", predictions_csv(report));
  host::write_atomic(folder / "predictions.jsonl", lines);
  host::write_atomic(folder / "summary.json", host::print_json(host::to_json(report.summary), 2) + "\n");
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
