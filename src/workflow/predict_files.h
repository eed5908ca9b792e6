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
// costs at most the pictures in hand; summary.json says at the end that all is there.
class PredictionFiles {
 public:
  PredictionFiles(std::filesystem::path folder, std::vector<std::string> labels);

  // Goes on behind what is there, without the line that a kill may have cut. Adds it to the summary; returns its sources.
  std::set<std::string> resume(PredictSummary& summary);

  // `document` is host::to_json(line). Throws Exit::resources on a full disk; what is there stays whole.
  void add(const PictureLine& line, const host::Json& document);

 private:
  const std::filesystem::path folder_;
  const std::vector<std::string> labels_;
};

void write_summary(const std::filesystem::path& folder, const PredictSummary& summary);

// Adds the document of one PictureLine to the counts, be it made now or read from a run folder.
void count(const host::Json& line, PredictSummary& summary);

// The picture with a box, a name and a score for each face.
media::Picture annotated_picture(const media::Picture& picture, const PictureResult& result, bool blur_faces);

}  // namespace dimple::workflow
