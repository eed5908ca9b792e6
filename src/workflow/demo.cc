#include "workflow/demo.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/error.h"
#include "host/files.h"
#include "media/drawn_face.h"
#include "media/encode.h"
#include "plot/film.h"
#include "workflow/predict_reader.h"

namespace dimple::workflow {
namespace {

// What the face does: it holds each pose for a while and moves evenly to the next, from the last to the first.
struct Pose {
  float smile, open, brow, frown, lids;
};
constexpr Pose kPoses[] = {
    {0, 0, -0.3f, 0, 0.4f}, {1, 0.2f, 0, 0, 0.5f}, {0.1f, 1, 1, 0, 0}, {-0.6f, 0, -1, 1, 0.3f}, {-1, 0, 0, -1, 0.6f}};
constexpr int kFramesOfPose = 6, kFramesHeld = 3, kFaceSize = 144;

media::DrawnFace face_at(int frame) {
  const Pose& from = kPoses[frame / kFramesOfPose];
  const Pose& to = kPoses[(frame / kFramesOfPose + 1) % std::size(kPoses)];
  const float part = static_cast<float>(std::max(0, frame % kFramesOfPose - kFramesHeld + 1)) /
                     static_cast<float>(kFramesOfPose - kFramesHeld + 1);
  const auto between = [&](float Pose::*value) { return from.*value + (to.*value - from.*value) * part; };
  return {.size = kFaceSize,
          .channels = 3,
          .smile = between(&Pose::smile),
          .open = between(&Pose::open),
          .brow = between(&Pose::brow),
          .frown = between(&Pose::frown),
          .lids = between(&Pose::lids)};
}

plot::Film film_of(const DemoReport& report, const inference::OpenedModel& model) {
  plot::Film film;
  film.title = fmt::format("{} reads a drawn face", model.name);
  film.footnote =
      fmt::format("every frame read by the planned program of {} bytes; bars are probabilities", model.program.size());
  film.labels = model.labels;
  media::Picture strip(kFaceSize * static_cast<int>(report.frames.size()), kFaceSize, 3);
  for (size_t i = 0; i < report.frames.size(); ++i) {
    const media::Picture face = media::draw_framed_face(report.frames[i].drawn);
    for (int y = 0; y < kFaceSize; ++y)
      std::copy_n(face.at(0, y), 3 * kFaceSize, strip.at(static_cast<int>(i) * kFaceSize, y));
    plot::FilmFrame& frame = film.frames.emplace_back();
    frame.shown = report.frames[i].face.shown();
    for (const auto& [label, score] : report.frames[i].face.scores) frame.scores.push_back(score);
  }
  film.strip = media::encode_jpeg(strip, 82);
  return film;
}

}  // namespace

DemoReport demo(const DemoRequest& request, const host::Task& task) {
  if (!request.out.empty() && !request.out.ends_with(".svg"))
    throw host::Error(host::Exit::usage, fmt::format("{} is no .svg", request.out), "moving pictures are SVG");
  const inference::OpenedModel model = inference::open_model(request.model);
  PredictRequest reading;
  reading.detect = reading.save = reading.cage = false;  // the faces are drawn here
  PredictFolder none(reading);
  media::CagedDecoder in_place({.cage = false});
  PictureReader reader(reading, model, {in_place, none});
  DemoReport report{model.name, {}, request.out};
  constexpr int kFrames = kFramesOfPose * static_cast<int>(std::size(kPoses));
  for (int i = 0; i < kFrames; ++i) {
    task.stop_if_cancelled();
    DemoFrame& frame = report.frames.emplace_back(DemoFrame{face_at(i), {}});
    frame.face =
        reader.read({{.name = fmt::format("frame {}", i)}}, media::draw_framed_face(frame.drawn)).faces.front();
  }
  if (!request.out.empty()) host::write_atomic(request.out, plot::film(film_of(report, model)));
  return report;
}

}  // namespace dimple::workflow
