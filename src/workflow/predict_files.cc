#include "workflow/predict_files.h"

#include <fmt/format.h>

#include <map>

#include "host/csv.h"
#include "host/fields.h"
#include "host/files.h"

namespace dimple::workflow {

using host::Json;

namespace {

constexpr int kSchema = 1;

// Floats as they were, without the tail of digits that a conversion to double brings.
double tidy(double value) { return std::strtod(fmt::format("{:.6g}", value).c_str(), nullptr); }

Json face_json(const PredictReport& report, const FaceResult& face) {
  Json scores = Json::object();
  for (size_t i = 0; i < report.labels.size(); i++) scores[report.labels[i]] = tidy(face.scores[i]);
  Json json;
  json["box"] = {face.box.x, face.box.y, face.box.width, face.box.height};
  json["det_score"] = tidy(face.det_score);
  json["quality"] = tidy(face.quality);
  json["label"] = report.labels[static_cast<size_t>(face.label)];
  json["score"] = tidy(face.score);
  json["scores"] = std::move(scores);
  json["entropy"] = tidy(face.entropy);
  json["abstain"] = face.abstain;
  json["reason"] = face.reason;
  json["latency_ms"] = tidy(face.latency_ms);
  return json;
}

Json picture_json(const PredictReport& report, const PictureResult& picture) {
  Json json;
  json["source"] = picture.source;
  if (!picture.problem.empty()) {
    json["error"] = picture.problem;
  } else {
    json["width"] = picture.width;
    json["height"] = picture.height;
  }
  json["faces"] = Json::array();
  for (const FaceResult& face : picture.faces) json["faces"].push_back(face_json(report, face));
  return json;
}

std::vector<std::string> csv_header(const std::vector<std::string>& labels) {
  std::vector<std::string> names{"source", "frame", "timestamp_ms", "face_id", "track_id", "x",    "y",
                                 "w",      "h",     "det_score",    "quality", "label",    "score"};
  names.insert(names.end(), labels.begin(), labels.end());
  names.insert(names.end(), {"entropy", "abstain", "reason", "latency_ms", "model"});
  return names;
}

std::vector<std::string> csv_face(const PredictReport& report, const PictureResult& picture, size_t number) {
  const FaceResult& face = picture.faces[number];
  const auto text = [](double value) { return fmt::format("{:.6g}", value); };
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
                               report.labels[static_cast<size_t>(face.label)],
                               text(face.score)};
  for (const float score : face.scores) row.push_back(text(score));
  row.insert(row.end(), {text(face.entropy), face.abstain ? "true" : "false", face.reason,
                         fmt::format("{:.3f}", face.latency_ms), report.model});
  return row;
}

// A picture without a face, or one that could not be read: a row whose face columns are empty.
std::vector<std::string> csv_faceless(const PredictReport& report, const PictureResult& picture) {
  std::vector<std::string> row(csv_header(report.labels).size());
  row[0] = picture.source;
  row[1] = row[2] = "0";
  row[row.size() - 3] = picture.problem.empty() ? "no face" : picture.problem;
  row.back() = report.model;
  return row;
}

Json summary_json(const PredictRequest& request, const PredictReport& report) {
  std::map<std::string, int> shown;
  for (const PictureResult& picture : report.pictures) {
    for (const FaceResult& face : picture.faces) shown[shown_label(report, face)]++;
  }
  Json json;
  json["schema"] = kSchema;
  json["model"] = report.model;
  json["model_sha256"] = report.model_sha256;
  json["finder"] = report.finder;
  json["pictures"] = report.pictures.size();
  json["unreadable"] = report.unreadable();
  json["without_face"] = report.without_face();
  json["faces"] = report.faces();
  json["shown"] = shown;
  json["seconds"] = tidy(report.seconds);
  json["interrupted"] = report.interrupted;
  json["request"] = host::to_json(request);
  return json;
}

}  // namespace

std::string shown_label(const PredictReport& report, const FaceResult& face) {
  return face.abstain ? "unsure" : report.labels[static_cast<size_t>(face.label)];
}

Json json_of(const PredictReport& report, const PictureResult& picture) {
  Json json{{"schema", kSchema}, {"model", report.model}};
  json.update(picture_json(report, picture));
  return json;
}

Json json_of(const PredictReport& report) {
  Json json{{"schema", kSchema}, {"model", report.model}, {"results", Json::array()}};
  for (const PictureResult& picture : report.pictures) json["results"].push_back(picture_json(report, picture));
  if (!report.differences.empty()) {
    for (const inference::LayerDifference& layer : report.differences) {
      json["layers"].push_back({{"layer", layer.layer},
                                {"elements", layer.elements},
                                {"different", layer.different},
                                {"largest", tidy(layer.largest)}});
    }
  }
  if (!report.folder.empty()) json["run"] = report.folder;
  return json;
}

std::string predictions_csv(const PredictReport& report) {
  std::string csv = host::csv_line(csv_header(report.labels));
  for (const PictureResult& picture : report.pictures) {
    for (size_t i = 0; i < picture.faces.size(); i++) csv += host::csv_line(csv_face(report, picture, i));
    if (picture.faces.empty()) csv += host::csv_line(csv_faceless(report, picture));
  }
  return csv;
}

void write_prediction_files(const PredictRequest& request, const PredictReport& report) {
  const auto replace = Json::error_handler_t::replace;  // a file's name need not be UTF-8
  const std::filesystem::path folder = report.folder;
  std::string lines;
  for (const PictureResult& picture : report.pictures) {
    lines += json_of(report, picture).dump(-1, ' ', false, replace) + "\n";
  }
  host::write_atomic(folder / "predictions.csv", predictions_csv(report));
  host::write_atomic(folder / "predictions.jsonl", lines);
  host::write_atomic(folder / "summary.json", summary_json(request, report).dump(2, ' ', false, replace) + "\n");
}

}  // namespace dimple::workflow
