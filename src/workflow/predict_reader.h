// Finds and reads the faces of one picture after the other, and draws them into the run folder. For one thread.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "detect/finder.h"
#include "host/sources.h"
#include "media/caged_decoder.h"
#include "workflow/predict.h"
#include "workflow/predict_folder.h"

namespace dimple::workflow {

class PictureReader {
 public:
  struct Helpers {
    media::CagedDecoder& decoder;
    PredictFolder& folder;
    int finder_threads = 0;  // 0: as many as its library likes
  };
  // All must outlive this.
  PictureReader(const PredictRequest& request, const inference::OpenedModel& model, const Helpers& helpers);

  // Throws Error: Exit::input when the picture cannot be read, Exit::resources when it is too large for the memory.
  PictureResult read(const NamedSource& source);
  // The same of one picture among others: what cannot be read becomes a result that says why.
  PictureResult read_or_explain(const NamedSource& source);
  // Of a picture that is in memory already.
  PictureResult read(const NamedSource& source, const media::Picture& picture);

  std::string describe_finder() const { return finder_ ? finder_->describe() : "none"; }
  const inference::Network& network() const { return network_; }

 private:
  media::Picture load(const host::Source& source);
  std::vector<detect::Found> find(const media::Picture& picture);
  FaceResult read_face(const media::Picture& picture, const detect::Found& found);
  void save_pictures(const media::Picture& picture, const PictureResult& result, const std::string& name);

  media::CagedDecoder& decoder_;
  PredictFolder& folder_;
  const PredictRequest& request_;
  const inference::OpenedModel& model_;
  inference::Network network_;
  std::unique_ptr<detect::Finder> finder_;
  image::Preprocess how_;
  std::vector<media::Picture> crops_;  // of the picture at hand
};

}  // namespace dimple::workflow
