// dimple predict: from pictures to the expressions of the faces on them, and a run folder that holds it all.
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "faces/face_reader.h"
#include "host/task.h"
#include "image/picture.h"
#include "inference/network.h"

namespace dimple::workflow {

struct PredictRequest {
  std::vector<std::string> sources;
  std::string model = "dimple-nano";
  float min_score = faces::kFaceDefaults.min_score;
  int min_face = faces::kFaceDefaults.min_face;
  float min_quality = faces::kFaceDefaults.min_quality;
  bool detect = true;
  std::string finder = "auto";
  bool fail_on_no_face = false;
  bool save = true, annotate = true, save_crops = false, blur_faces = false, jsonl = false;
  std::string name, runs = "runs";
  std::string executor = "program", record;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("sources", self.sources, "pictures: files, folders, globs, list.csv, or - for standard input");
    f("model", self.model, "a shipped model, a .safetensors file or a .dimple program");
    f("min_score", self.min_score, "below this the answer is `unsure`");
    f("min_face", self.min_face, "a face with a side of fewer pixels is `unsure`");
    f("min_quality", self.min_quality, "a face less sharp than this (0 to 1) is `unsure`");
    f("detect", self.detect, "look for no faces: each picture is one face, edge to edge");
    f("finder", self.finder, "what looks for faces: auto, dlib-hog or opencv-cascade");
    f("fail_on_no_face", self.fail_on_no_face, "exit 4 when a picture shows no face");
    f("name", self.name, "name of the run (default: the next free number)");
    f("runs", self.runs, "folder of all runs");
    f("save", self.save, "write no run folder");
    f("annotate", self.annotate, "draw no pictures into the run folder");
    f("save_crops", self.save_crops, "keep each face as the network saw it");
    f("blur_faces", self.blur_faces, "make faces unrecognisable in what is drawn");
    f("jsonl", self.jsonl, "print a line of JSON for each picture as soon as it is read");
    f("executor", self.executor,
      "who computes: program, as a device does; reference, the graph; check: both, compared layer by layer; record: "
      "keep "
      "every layer; replay: compare with a record");
    f("record", self.record, "file of --executor record (default: layers.safetensors in the run folder) or replay");
  }
};

struct FaceResult {
  image::Box box;
  float det_score = 0;
  float quality = 0;  // 0 blurred .. 1 sharp, of the face as the network sees it
  int label = 0;      // of the highest score
  float score = 0;
  std::vector<float> scores;  // in the order of the labels
  double entropy = 0;         // of the scores, in nats
  bool abstain = false;       // people are shown `unsure`
  std::string reason;         // of abstaining: "small", "blurred", "low score"
  double latency_ms = 0;      // preparing and reading this face
};

struct PictureResult {
  std::string source;
  std::string problem;  // why it could not be read; then there is nothing else
  int width = 0, height = 0;
  std::vector<FaceResult> faces;
  double find_ms = 0;     // looking for faces
  std::string annotated;  // the picture that was drawn; "" for none
};

struct PredictReport {
  std::string model, model_sha256, finder;
  std::vector<std::string> labels;
  std::vector<PictureResult> pictures;
  std::string folder;                                   // "" with --no-save
  std::vector<inference::LayerDifference> differences;  // with check and replay
  double seconds = 0;
  bool interrupted = false;

  int unreadable() const;
  int faces() const;
  int without_face() const;  // pictures that were read and show none
  bool layers_agree() const;
};

// `on_picture` is called with each result as soon as it is there. Throws when nothing at all can be done: a lone source
// that cannot be read, a model that is invalid.
PredictReport predict(const PredictRequest& request, const host::Task& task,
                      const std::function<void(const PredictReport&, const PictureResult&)>& on_picture = {});

}  // namespace dimple::workflow
