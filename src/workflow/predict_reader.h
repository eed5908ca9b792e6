// Finds and reads the faces of one picture after the other, and draws them into the run folder.
#pragma once
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "detect/finder.h"
#include "host/sources.h"
#include "media/caged_decoder.h"
#include "workflow/predict.h"

namespace dimple::workflow {

class PictureReader {
 public:
  // Both must outlive this.
  PictureReader(const PredictRequest& request, const inference::OpenedModel& model);

  // Throws Error: Exit::input when the picture cannot be read, Exit::resources when it is too large for the memory.
  PictureResult read(const host::Source& source);
  // The same of one picture among others: what cannot be read becomes a result that says why.
  PictureResult read_or_explain(const host::Source& source);
  // Of a picture that is in memory already.
  PictureResult read(const host::Source& source, const media::Picture& picture);

  std::string describe_finder() const { return finder_ ? finder_->describe() : "none"; }
  const inference::Network& network() const { return network_; }
  // The run folder, made when there is something to put into it.
  const std::filesystem::path& folder();

 private:
  media::Picture load(const host::Source& source);
  std::vector<detect::Found> find(const media::Picture& picture);
  FaceResult read_face(const media::Picture& picture, const detect::Found& found);
  void save_pictures(const media::Picture& picture, const PictureResult& result);
  std::string unused_name(const std::string& source);

  media::CagedDecoder decoder_;  // the first member: a finder's library may start threads
  const PredictRequest& request_;
  const inference::OpenedModel& model_;
  inference::Network network_;
  std::unique_ptr<detect::Finder> finder_;
  image::Preprocess how_;
  std::vector<media::Picture> crops_;  // of the picture at hand
  std::set<std::string> used_names_;
  std::filesystem::path folder_;
};

}  // namespace dimple::workflow
