#include "workflow/predict_reader.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <new>
#include <utility>

#include "faces/face_reader.h"
#include "host/document.h"
#include "host/error.h"
#include "host/files.h"
#include "image/preprocess.h"
#include "inference/level.h"
#include "media/encode.h"
#include "workflow/predict_files.h"

namespace dimple::workflow {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using host::Error;
using host::Exit;

float ms_since(Clock::time_point start) {
  return std::chrono::duration<float, std::milli>(Clock::now() - start).count();
}

float entropy_of(const std::vector<float>& scores) {
  double sum = 0;
  for (const float p : scores) sum -= p > 0 ? p * std::log(p) : 0;
  return static_cast<float>(sum);
}

// The face as the network saw it.
media::Picture crop_of(const image::Preprocess& how, const media::Picture& picture, const image::Box& box) {
  std::vector<uint8_t> scratch(image::scratch_bytes(how, picture.channels));
  media::Picture crop(how.width, how.height, how.channels);
  const Status status = image::crop_face(how, picture.view(), box, {scratch.data(), scratch.size()},
                                         {crop.pixels.data(), crop.pixels.size()});
  if (status != Status::ok) throw Error(Exit::failed, fmt::format("cannot crop a face: {}", describe(status)));
  return crop;
}

}  // namespace

PictureReader::PictureReader(const PredictRequest& request, const inference::OpenedModel& model, const Helpers& helpers)
    : decoder_(helpers.decoder),
      folder_(helpers.folder),
      request_(request),
      model_(model),
      network_(model,
               {inference::parse_executor(request.executor), request.record, inference::isas_up_to(request.isa)}),
      how_(request.detect ? model.preprocess : faces::framed(model.preprocess)) {
  if (request.detect) finder_ = detect::make_finder({.name = request.finder, .threads = helpers.finder_threads});
}

media::Picture PictureReader::load(const host::Source& source) {
  if (source.kind == host::Source::Kind::nothing) throw Error(Exit::input, source.problem);
  if (source.kind != host::Source::Kind::standard_input) return decoder_.load(source.name);
  const media::DecodeLimits limits;
  return decoder_.decode(host::read_standard_input({.limit_bytes = limits.max_file_bytes}), "standard input");
}

PictureResult PictureReader::read(const NamedSource& source) {
  const auto start = Clock::now();
  const media::Picture picture = load(source.source);
  const float decode_ms = ms_since(start);
  PictureResult result = read(source, picture);
  result.decode_ms = decode_ms;
  return result;
}

PictureResult PictureReader::read_or_explain(const NamedSource& source) {
  PictureResult unreadable;
  unreadable.source = source.source.name;
  const auto start = Clock::now();
  media::Picture picture;
  try {
    picture = load(source.source);
  } catch (const Error& error) {
    unreadable.problem = error.what();
    return unreadable;
  } catch (const std::bad_alloc&) {
    unreadable.problem = fmt::format("cannot read {}: not enough memory", source.source.name);
    return unreadable;
  }
  const float decode_ms = ms_since(start);
  PictureResult result = read(source, picture);
  result.decode_ms = decode_ms;
  return result;
}

PictureResult PictureReader::read(const NamedSource& source, const media::Picture& picture) {
  PictureResult result;
  result.source = source.source.name;
  result.width = picture.width;
  result.height = picture.height;
  const auto start = Clock::now();
  const std::vector<detect::Found> found = find(picture);
  if (finder_) result.find_ms = ms_since(start);
  const auto found_at = Clock::now();
  for (const detect::Found& face : found) result.faces.push_back(read_face(picture, face));
  if (!found.empty()) result.read_ms = ms_since(found_at);
  if (!request_.save) return result;
  folder_.path();  // without it there is no run; without a drawing there is
  const auto read_at = Clock::now();
  try {
    save_pictures(picture, result, source.drawing);
  } catch (const Error& error) {  // costs this picture's drawing, not the run
    result.unwritten = error.what(), result.unwritten_exit = error.exit();
  }
  result.draw_ms = ms_since(read_at);
  return result;
}

std::vector<detect::Found> PictureReader::find(const media::Picture& picture) {
  if (finder_) return finder_->find(picture);
  return {{{0, 0, picture.width, picture.height}, 1.0f}};
}

FaceResult PictureReader::read_face(const media::Picture& picture, const detect::Found& found) {
  const auto start = Clock::now();
  std::vector<uint8_t> scratch(image::scratch_bytes(how_, picture.channels));
  std::vector<int8_t> codes(how_.pixels());
  const Result<float> quality = faces::prepare_face(how_, picture.view(), found.box, {scratch.data(), scratch.size()},
                                                    {codes.data(), codes.size()});
  if (!quality.ok()) throw Error(Exit::failed, fmt::format("cannot prepare a face: {}", describe(quality.status())));
  const std::vector<float> scores = network_.read(codes);
  const dimple_face_answer answer = faces::judge({request_.min_score, request_.min_quality, request_.min_face},
                                                 found.box, quality.value(), {scores.data(), scores.size()});
  FaceResult face;
  face.box = found.box;
  face.det_score = found.score;
  for (size_t i = 0; i < scores.size(); ++i) face.scores.emplace_back(model_.labels[i], scores[i]);
  face.label = model_.labels[answer.label];
  face.score = answer.score;
  face.quality = answer.quality;
  face.reason = dimple_describe_unsure(answer.unsure);
  face.abstain = answer.unsure != DIMPLE_SURE;
  face.entropy = entropy_of(scores);
  face.latency_ms = ms_since(start);
  if (request_.save_crops) crops_.push_back(crop_of(how_, picture, found.box));
  return face;
}

void PictureReader::save_pictures(const media::Picture& picture, const PictureResult& result, const std::string& name) {
  const fs::path folder = folder_.path();
  const std::vector<media::Picture> crops = std::exchange(crops_, {});
  for (size_t i = 0; i < crops.size(); ++i) {
    host::make_folder(folder / "crops");
    media::save_picture(folder / "crops" / fmt::format("{}-{}.png", name, i), crops[i]);
  }
  if (request_.annotate)
    media::save_picture(folder / (name + ".jpg"), annotated_picture(picture, result, request_.blur_faces));
}

}  // namespace dimple::workflow
