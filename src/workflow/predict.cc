#include "workflow/predict.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <memory>
#include <set>

#include "detect/finder.h"
#include "faces/face_reader.h"
#include "host/error.h"
#include "host/files.h"
#include "host/run_folder.h"
#include "host/sources.h"
#include "image/preprocess.h"
#include "media/decode.h"
#include "media/encode.h"
#include "workflow/predict_files.h"

namespace dimple::workflow {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using host::Error;
using host::Exit;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double entropy_of(const std::vector<float>& scores) {
  double sum = 0;
  for (const float p : scores) sum -= p > 0 ? p * std::log(p) : 0;
  return sum;
}

// Names for the pictures of a run folder: the source's own, made unique.
class Names {
 public:
  std::string next(const std::string& source) {
    const std::string stem = source == "-" ? "stdin" : fs::path(source).stem().string();
    std::string name = stem;
    for (int n = 2; !taken_.insert(name).second; n++) name = fmt::format("{}-{}", stem, n);
    return name;
  }

 private:
  std::set<std::string> taken_;
};

class Predictor {
 public:
  Predictor(const PredictRequest& request, const inference::OpenedModel& model)
      : request_(request), model_(model), network_(model, inference::parse_executor(request.executor), request.record) {
    if (request.detect) finder_ = detect::make_finder({.name = request.finder});
  }

  std::string describe_finder() { return finder_ ? finder_->describe() : "none"; }
  inference::Network& network() { return network_; }

  // The run folder, made when there is something to put into it.
  const fs::path& folder() {
    if (folder_.empty() && request_.save) {
      folder_ = host::make_run_folder("predict", {request_.runs, request_.name});
    }
    return folder_;
  }

  // Throws Error: Exit::input when the picture cannot be read, Exit::resources when it is too large for the memory.
  static media::Picture load(const host::Source& source) {
    if (source.kind == host::Source::Kind::nothing) throw Error(Exit::input, source.problem);
    if (source.kind != host::Source::Kind::standard_input) return media::load_picture(source.name);
    const media::DecodeLimits limits;
    return media::decode(host::read_standard_input({.limit_bytes = limits.max_file_bytes}), "standard input", limits);
  }

  PictureResult look_at(const host::Source& source, const media::Picture& picture) {
    PictureResult result;
    result.source = source.name;
    result.width = picture.width;
    result.height = picture.height;
    const auto start = Clock::now();
    const std::vector<detect::Found> found = find(picture);
    result.find_ms = ms_since(start);
    for (const detect::Found& face : found) result.faces.push_back(read_face(picture, face));
    if (request_.save) draw(picture, result);
    return result;
  }

 private:
  std::vector<detect::Found> find(const media::Picture& picture) {
    if (finder_) return finder_->find(picture);
    return {{{0, 0, picture.width, picture.height}, 1.0f}};
  }

  FaceResult read_face(const media::Picture& picture, const detect::Found& found) {
    const auto start = Clock::now();
    const image::Preprocess how = finder_ ? model_.preprocess : faces::framed(model_.preprocess);
    std::vector<uint8_t> scratch(image::scratch_bytes(how, picture.channels));
    std::vector<int8_t> codes(how.pixels());
    const Result<float> quality = faces::prepare_face(how, picture.view(), found.box, {scratch.data(), scratch.size()},
                                                      {codes.data(), codes.size()});
    if (!quality.ok()) throw Error(Exit::failed, fmt::format("cannot prepare a face: {}", describe(quality.status())));
    FaceResult face;
    face.box = found.box;
    face.det_score = found.score;
    face.scores = network_.read(codes);
    const dimple_face_options options{request_.min_score, request_.min_quality, request_.min_face};
    const dimple_face_answer answer =
        faces::judge(options, found.box, quality.value(), {face.scores.data(), face.scores.size()});
    face.label = static_cast<int>(answer.label);
    face.score = answer.score;
    face.quality = answer.quality;
    face.abstain = answer.unsure != DIMPLE_SURE;
    face.reason = dimple_describe_unsure(answer.unsure);
    face.entropy = entropy_of(face.scores);
    face.latency_ms = ms_since(start);
    if (request_.save_crops) crops_.push_back(crop_of(how, picture, found.box));
    return face;
  }

  // The face as the network saw it.
  static media::Picture crop_of(const image::Preprocess& how, const media::Picture& picture, const image::Box& box) {
    std::vector<uint8_t> scratch(image::scratch_bytes(how, picture.channels));
    media::Picture crop(how.width, how.height, how.channels);
    const Status status = image::crop_face(how, picture.view(), box, {scratch.data(), scratch.size()},
                                           {crop.pixels.data(), crop.pixels.size()});
    if (status != Status::ok) throw Error(Exit::failed, fmt::format("cannot crop a face: {}", describe(status)));
    return crop;
  }

  void draw(const media::Picture& picture, PictureResult& result) {
    const std::string name = names_.next(result.source);
    for (size_t i = 0; i < crops_.size(); i++) {
      host::make_folder(folder() / "crops");
      media::save_picture(folder() / "crops" / fmt::format("{}-{}.png", name, i), crops_[i]);
    }
    crops_.clear();
    if (!request_.annotate) return;
    const fs::path path = folder() / (name + ".jpg");
    media::save_picture(path, annotated_picture(picture, result, model_.labels, request_.blur_faces));
    result.annotated = path.string();
  }

  const PredictRequest& request_;
  const inference::OpenedModel& model_;
  inference::Network network_;
  std::unique_ptr<detect::Finder> finder_;
  std::vector<media::Picture> crops_;  // of the picture at hand
  Names names_;
  fs::path folder_;
};

// A picture among others that cannot be read becomes a result that says why.
PictureResult look_at_one_of_many(Predictor& predictor, const host::Source& source) {
  PictureResult result;
  result.source = source.name;
  media::Picture picture;
  try {
    picture = Predictor::load(source);
  } catch (const Error& error) {
    result.problem = error.what();
  } catch (const std::bad_alloc&) {
    result.problem = fmt::format("cannot read {}: not enough memory", source.name);
  }
  return result.problem.empty() ? predictor.look_at(source, picture) : result;
}

void check_request(const PredictRequest& request) {
  if (request.sources.empty()) {
    throw Error(Exit::usage, "no picture was named", "for example: dimple predict my.jpg, or dimple predict folder/");
  }
  if (request.min_score < 0 || request.min_score > 1) throw Error(Exit::usage, "--min-score is between 0 and 1");
  if (request.save_crops && request.blur_faces) {
    throw Error(Exit::usage, "--save-crops keeps the very faces that --blur-faces hides", "choose one of them");
  }
  const inference::Executor executor = inference::parse_executor(request.executor);
  if (executor == inference::Executor::replay && request.record.empty()) {
    throw Error(Exit::usage, "--executor replay needs a record", "--record FILE, as --executor record wrote it");
  }
  if (executor == inference::Executor::record && request.record.empty() && !request.save) {
    throw Error(Exit::usage, "--executor record with --no-save needs --record FILE");
  }
}

}  // namespace

int PredictReport::unreadable() const {
  int count = 0;
  for (const PictureResult& picture : pictures) count += !picture.problem.empty();
  return count;
}

int PredictReport::faces() const {
  size_t count = 0;
  for (const PictureResult& picture : pictures) count += picture.faces.size();
  return static_cast<int>(count);
}

int PredictReport::without_face() const {
  int count = 0;
  for (const PictureResult& picture : pictures) count += picture.problem.empty() && picture.faces.empty();
  return count;
}

bool PredictReport::layers_agree() const {
  for (const inference::LayerDifference& layer : differences) {
    if (layer.different > 0) return false;
  }
  return true;
}

PredictReport predict(const PredictRequest& request, const host::Task& task,
                      const std::function<void(const PredictReport&, const PictureResult&)>& on_picture) {
  check_request(request);
  const std::vector<host::Source> sources = host::expand_sources(request.sources);
  const bool alone = sources.size() == 1 && !host::is_folder(request.sources[0]);
  if (alone && sources[0].kind == host::Source::Kind::file && !host::file_exists(sources[0].name)) {
    throw Error(Exit::input, fmt::format("cannot read {}: no such file", sources[0].name),
                "looked in the current folder; a folder, a glob, list.csv or - also work (dimple predict --help)");
  }
  const auto start = Clock::now();
  const inference::OpenedModel model = inference::open_model(request.model);
  Predictor predictor(request, model);
  PredictReport report;
  report.model = model.name;
  report.model_sha256 = model.sha256;
  report.labels = model.labels;
  task.progress().start(static_cast<int64_t>(sources.size()), "reading");
  for (const host::Source& source : sources) {
    if (task.cancelled()) {
      report.interrupted = true;
      break;
    }
    report.pictures.push_back(alone ? predictor.look_at(source, Predictor::load(source))
                                    : look_at_one_of_many(predictor, source));
    if (on_picture) on_picture(report, report.pictures.back());
    task.progress().advance(1, source.name);
  }
  task.progress().finish();
  report.seconds = ms_since(start) / 1000;
  report.folder = predictor.folder().string();
  report.finder = predictor.describe_finder();
  const inference::Executor executor = inference::parse_executor(request.executor);
  if (executor == inference::Executor::check || executor == inference::Executor::replay)
    report.differences = predictor.network().differences();
  if (executor == inference::Executor::record) {
    const fs::path record =
        request.record.empty() ? fs::path(report.folder) / "layers.safetensors" : fs::path(request.record);
    predictor.network().save_record(record.string());
  }
  if (!report.folder.empty()) write_prediction_files(request, report);
  return report;
}

}  // namespace dimple::workflow
