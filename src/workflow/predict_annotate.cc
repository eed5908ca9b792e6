#include "media/annotate.h"

#include "workflow/predict_files.h"

namespace dimple::workflow {

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
