// dimple predict: from pictures to the expressions of the faces on them, and a run folder that holds it all.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "faces/face_reader.h"
#include "host/document.h"
#include "host/task.h"
#include "image/picture.h"
#include "inference/level.h"
#include "inference/network.h"
#include "model/work_limit.h"

namespace dimple::workflow {

struct PredictRequest {
  std::vector<std::string> sources;
  std::string model = "dimple-nano";
  float min_score = faces::kFaceDefaults.min_score;
  int min_face = faces::kFaceDefaults.min_face;
  float min_quality = faces::kFaceDefaults.min_quality;
  bool detect = true;
  std::string finder = "auto";
  bool cage = true;
  int threads = 0;
  bool fail_on_no_face = false;
  bool save = true, annotate = true, save_crops = false, blur_faces = false, jsonl = false;
  std::string name, runs = "runs";
  std::string executor = "program", isa, record;
  std::string resume;
  int64_t max_macs = model::kMaxMacs;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("sources", self.sources, "pictures: files, folders, globs, list.csv, or - for standard input");
    f("model", self.model, "a shipped model, a .safetensors file or a .dimple program");
    f("min_score", self.min_score, "below this the answer is `unsure`");
    f("min_face", self.min_face, "a face with a side of fewer pixels is `unsure`");
    f("min_quality", self.min_quality, "a face less sharp than this (0 to 1) is `unsure`");
    f("detect", self.detect, "look for faces in the pictures");
    f("finder", self.finder,
      "what looks for faces: opencv-cascade; dlib-hog; auto, the second where the first finds none; both, all that "
      "either finds; with --no-detect each picture is one face, edge to edge");
    f("cage", self.cage, "decode pictures in a process that can do nothing else, where the system has the means");
    f("threads", self.threads, "that read pictures, each a picture at a time; 0 = one per core");
    f("fail_on_no_face", self.fail_on_no_face, "exit 4 when a picture shows no face");
    f("name", self.name, "name of the run (default: the next free number)");
    f("runs", self.runs, "folder of all runs");
    f("save", self.save, "write a run folder");
    f("annotate", self.annotate, "draw pictures into the run folder");
    f("save_crops", self.save_crops, "keep each face as the network saw it");
    f("blur_faces", self.blur_faces, "make faces unrecognisable in what is drawn");
    f("jsonl", self.jsonl, "print a line of JSON for each picture as soon as it is read");
    f("executor", self.executor, inference::kExecutorHelp);
    f("isa", self.isa, inference::kIsaHelp);
    f("record", self.record, "file of --executor record (default: layers.safetensors in the run folder) or replay");
    f("resume", self.resume,
      "run folder to go on with, from the pictures that it lacks; everything else as it was asked");
    f("max_macs", self.max_macs, model::kMaxMacsHelp);
  }
};

struct FaceResult {
  image::Box box;
  float det_score = 0;
  float quality = 0;
  std::string label;
  float score = 0;
  host::Named<float> scores;
  float entropy = 0;
  bool abstain = false;
  std::string reason;
  float latency_ms = 0;

  std::string shown() const { return abstain ? "unsure" : label; }  // to people

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("box", std::array{self.box.x, self.box.y, self.box.width, self.box.height}, "left, top, width, height in pixels");
    f("det_score", self.det_score, "how sure the finder is of the face");
    f("quality", self.quality, "0 blurred to 1 sharp, of the face as the network sees it");
    f("label", self.label, "the expression with the highest score");
    f("score", self.score, "the highest score");
    f("scores", self.scores, "probability of each expression, in the order of the model's labels");
    f("entropy", self.entropy, "of the scores, in nats");
    f("abstain", self.abstain, "people are shown `unsure`");
    f("reason", self.reason, "of abstaining: small, blurred or low score");
    f("latency_ms", self.latency_ms, "preparing and reading this face");
  }
};

struct PictureResult {
  std::string source;
  std::string problem;    // of a picture that could not be read; then there is nothing else
  std::string unwritten;  // why its drawing or its crops could not be written
  host::Exit unwritten_exit = host::Exit::fine;
  int width = 0, height = 0;
  std::vector<FaceResult> faces;
  // Stages.
  float decode_ms = 0, find_ms = 0, read_ms = 0, draw_ms = 0;

  bool read() const { return problem.empty(); }

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("source", self.source, "file, or - for standard input");
    f("error", host::unless_empty(self.problem), "why it could not be read");
    f("width", self.read() ? std::optional(self.width) : std::nullopt, "in pixels; of a picture that was read");
    f("height", self.read() ? std::optional(self.height) : std::nullopt, "in pixels; of a picture that was read");
    f("faces", self.faces, "in the order in which they were found");
    f("unwritten", host::unless_empty(self.unwritten), "why its drawing or its crops could not be written");
    const auto stage = [&](const char* name, float ms, const char* what) {
      f(name, ms > 0 ? std::optional(ms) : std::nullopt, what);
    };
    stage("decode_ms", self.decode_ms, "reading the file and decoding it; of a picture that was read");
    stage("find_ms", self.find_ms,
          "looking for faces; for the first picture that the cascade finds none in also starting dlib's finder");
    stage("read_ms", self.read_ms, "preparing and reading all its faces");
    stage("draw_ms", self.draw_ms, "drawing it and writing that; not with --no-save");
  }
};

// A line of --jsonl and predictions.jsonl.
struct PictureLine {
  std::string model;
  PictureResult picture;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("model", self.model, "name of the model");
    PictureResult::visit(self.picture, f);
  }
};

// summary.json of the run folder.
struct PredictSummary {
  std::string model, model_sha256, finder;
  int64_t pictures = 0, unreadable = 0, unwritten = 0, without_face = 0, faces = 0;
  std::map<std::string, int64_t> shown;
  double seconds = 0;
  int threads = 1;
  bool interrupted = false;
  PredictRequest request;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("model", self.model, "name of the model");
    f("model_sha256", self.model_sha256, "of the planned program");
    f("finder", self.finder, "what looked for faces");
    f("pictures", self.pictures, "that were looked at");
    f("unreadable", self.unreadable, "pictures that could not be read");
    f("unwritten", self.unwritten, "pictures whose drawing or crops could not be written");
    f("without_face", self.without_face, "pictures that were read and show none");
    f("faces", self.faces, "on all pictures");
    f("shown", self.shown, "faces by the answer that people are shown");
    f("seconds", self.seconds, "for everything");
    f("threads", self.threads, "that read pictures");
    f("interrupted", self.interrupted, "a signal came before the last picture");
    f("request", self.request, "the settings");
  }
};

struct PredictReport {
  PredictSummary summary;
  std::vector<std::string> labels;
  std::vector<PictureResult> pictures;
  std::vector<inference::LayerDifference> layers;  // with check and replay
  std::string folder;                              // "" with --no-save
  host::Exit unwritten_exit = host::Exit::fine;    // of the last drawing that could not be written

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("model", self.summary.model, "name of the model");
    f("results", self.pictures, "a result for each picture");
    f("layers", host::unless_empty(self.layers), "with --executor check or replay: how far each layer is off");
    f("run", host::unless_empty(self.folder), "the run folder");
  }
};

// Calls `on_picture` with each result at once. Throws when nothing at all can be done: a lone source that cannot be
// read, a model that is invalid.
PredictReport predict(const PredictRequest& request, const host::Task& task,
                      const std::function<void(const PictureLine&)>& on_picture = {});

}  // namespace dimple::workflow
