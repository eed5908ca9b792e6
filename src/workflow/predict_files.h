// What predict leaves behind: tables, JSON, pictures.
#pragma once
#include <filesystem>
#include <string>

#include "host/json.h"
#include "media/picture.h"
#include "workflow/predict.h"

namespace dimple::workflow {

host::Json json_of(const PredictReport& report, const PictureResult& picture);  // one line of predictions.jsonl
host::Json json_of(const PredictReport& report);                                // the document of --json
std::string predictions_csv(const PredictReport& report);

// predictions.csv, predictions.jsonl and summary.json into report.folder.
void write_prediction_files(const PredictRequest& request, const PredictReport& report);

// The picture with a box, a name and a score for each face.
media::Picture annotated_picture(const media::Picture& picture, const PictureResult& result,
                                 const std::vector<std::string>& labels, bool blur_faces);

std::string shown_label(const PredictReport& report, const FaceResult& face);  // "happy", or "unsure"

}  // namespace dimple::workflow
