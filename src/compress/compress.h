// From a trained network to a smaller one, stage by stage (compress/stages.h), in a run folder that can be gone on with
// after any interruption:
//
//   args.toml                   what was asked for
//   original.safetensors        the float network that it began with
//   1-channels.start.safetensors, train/1-channels/, 1-channels.safetensors, 1-channels.json
//                               of each stage the network to be trained, its training, what came out, and its figures
//   model.safetensors           the last stage's network, weights packed; model.dimple, its program
//   compress.json               the report
//   layers.csv, .json, .svg     with --layer-report
//
// With --sweep the folder holds a run for each value, compress/keep=0.5/, and sweep.json, sweep.csv and sweep.svg.
#pragma once
#include <string>
#include <vector>

#include "compress/measure.h"
#include "compress/methods.h"
#include "host/document.h"
#include "host/task.h"
#include "train/request.h"

namespace dimple::compress {

struct CompressRequest {
  std::string model;
  Methods methods;
  std::vector<std::string> fail_under;
  std::string sweep;
  float within = -1;
  double timing_seconds = 0.3;
  bool layer_report = false;
  train::TrainRequest training;

  CompressRequest();  // a training's defaults are for networks that know nothing yet

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("model", self.model, "a shipped model, a .safetensors file of ours; without one: --arch, with --init");
    Methods::visit(self.methods, f);
    f("fail_under", self.fail_under,
      "exit 6 when a figure of the result is lower: accuracy=0.65, or with --test balanced_accuracy, f1_macro, "
      "accuracy_deduplicated");
    f("within", self.within, "exit 6 where the result's accuracy is more points below that of the original");
    f("sweep", self.sweep,
      "several runs and their front, accuracy against bytes and time: keep=0.75,0.5,0.25 or prune, cluster, "
      "cluster_groups with their values");
    f("layer_report", self.layer_report,
      "of --quantise: measure what int8 costs layer by layer: layers.csv, .json and .svg in the run folder");
    f("timing_seconds", self.timing_seconds, "for which each stage's program is timed; 0: it is not");
    train::DataPaths::visit(self.training.paths, f);
    train::DataSettings::visit(self.training.data, f);
    train::Session::visit(self.training.session, f);
    train::Recipe::visit(self.training.recipe, f);
  }
};

struct StageReport {
  std::string name, what, file;
  int64_t epochs = 0;
  double seconds = 0;
  Measurement measurement;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("name", self.name, "original, or a stage");
    f("what", self.what, "what it does");
    f("file", self.file, "the network that came out");
    f("epochs", self.epochs, "that it was trained for");
    f("seconds", self.seconds, "of training");
    Measurement::visit(self.measurement, f);
  }
};

struct CompressReport {
  std::string folder;
  bool finished = false;
  std::vector<StageReport> stages;
  std::vector<std::string> missed;
  std::string data, data_sha256;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("folder", self.folder, "the run folder");
    f("finished", self.finished, "false: stopped early, --resume goes on");
    f("stages", self.stages, "the original first");
    f("missed", host::unless_empty(self.missed), "gates that the result misses");
  }
};

// Where --sweep asks for several: their results in one report, each a stage of it.
CompressReport compress(const CompressRequest& request, const host::Task& task);

// The given network as it is, measured as each stage is: the report's only stage. Its methods are not asked for, and no
// folder is left.
CompressReport measure_original(const CompressRequest& request, const host::Task& task);

}  // namespace dimple::compress
