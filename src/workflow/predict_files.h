// What predict leaves behind: tables, JSON, pictures.
#pragma once
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "media/picture.h"
#include "workflow/predict.h"

namespace dimple::workflow {

// predictions.csv and predictions.jsonl of a run folder. They grow by whole lines as pictures are read, so that a kill
// costs at most the picture in hand; summary.json says at the end that all is there.
class PredictionFiles {
 public:
  PredictionFiles(std::filesystem::path folder, std::vector<std::string> labels);

  // Goes on behind what is there, without the line that a kill may have cut. Adds it to the summary; returns its sources.
  std::set<std::string> resume(PredictSummary& summary);

  void add(const PictureLine& line);  // throws Exit::resources on a full disk; what is there stays whole
  void finish(const PredictSummary& summary);

 private:
  const std::filesystem::path folder_;
  const std::vector<std::string> labels_;
};

// The table of these pictures, without its header. Text that a spreadsheet would run as a formula begins with '.
std::string csv_rows(const PictureLine& line, size_t labels);

// The picture with a box, a name and a score for each face.
media::Picture annotated_picture(const media::Picture& picture, const PictureResult& result, bool blur_faces);

}  // namespace dimple::workflow
