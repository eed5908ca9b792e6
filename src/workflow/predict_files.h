// What predict leaves behind: tables, JSON, pictures.
#pragma once
#include <string>

#include "media/picture.h"
#include "workflow/predict.h"

namespace dimple::workflow {

std::string predictions_csv(const PredictReport& report);

// predictions.csv, predictions.jsonl and summary.json into report.folder.
void write_prediction_files(const PredictReport& report);

// The picture with a box, a name and a score for each face.
media::Picture annotated_picture(const media::Picture& picture, const PictureResult& result, bool blur_faces);

}  // namespace dimple::workflow
