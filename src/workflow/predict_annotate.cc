#include "media/annotate.h"

#include "workflow/predict_files.h"

namespace dimple::workflow {

static constexpr size_t kMostFacesWithBars = 4;  // more bars would hide the people

media::Picture annotated_picture(const media::Picture& picture, const PictureResult& result,
                                 const std::vector<std::string>& labels, bool blur_faces) {
  std::vector<media::AnnotatedFace> faces;
  for (const FaceResult& face : result.faces) {
    media::AnnotatedFace drawn{face.box,   labels[static_cast<size_t>(face.label)], face.score, {}, face.abstain,
                               face.reason};
    const bool bars = result.faces.size() <= kMostFacesWithBars;
    for (size_t i = 0; bars && i < labels.size(); i++) drawn.scores.emplace_back(labels[i], face.scores[i]);
    faces.push_back(std::move(drawn));
  }
  if (!blur_faces) return media::annotate(picture, faces);
  media::Picture hidden = picture;
  for (const FaceResult& face : result.faces) media::hide_box(hidden, face.box);
  return media::annotate(hidden, faces);
}

}  // namespace dimple::workflow
