// dimple export: writes a trained model for a device or another program, as an integer one if asked, and compares it
// with the model given on real pictures.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "data/load.h"
#include "evaluate/layer_losses.h"
#include "host/document.h"
#include "host/task.h"
#include "model/work_limit.h"

namespace dimple::workflow {

struct ExportRequest {
  std::string model = "dimple-nano", data, name, target, out = "export";
  data::LoadOptions load;
  std::vector<std::string> format{"program"};
  bool int8 = false;
  std::vector<std::string> ptq, without, keep_float;
  std::string layer_report;
  int calibration = 512, pictures = 1000;
  int64_t max_macs = model::kMaxMacs;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("model", self.model, "a shipped model or a .safetensors file");
    f("out", self.out, "folder for what is written");
    f("name", self.name, "name of the files (default: the model's)");
    f("format", self.format,
      "safetensors, program (.dimple) or c (sources with their kernels and a check); several may be given");
    f("target", self.target,
      "plan for this chip alone: a name in targets/ or a target.json; refused when its RAM or flash does not suffice");
    f("int8", self.int8, "make a float model an integer one; needs --data");
    f("ptq", self.ptq,
      "of --int8: its steps, with commas between: equalise; min-max, percentile or mse; weights-min-max or "
      "weights-mse; "
      "correct-biases (default: mse,weights-mse,correct-biases)");
    f("without", self.without, "of --int8: steps to leave out");
    f("keep_float", self.keep_float, "of --int8: layers that stay in float, with commas between");
    f("layer_report", self.layer_report,
      "of --int8: measure what each layer costs, and write layers.csv, .json and .svg to this folder; a name that ends "
      "so is one file");
    f("data", self.data, "real pictures: training ones to calibrate on, validation ones to compare on");
    data::LoadOptions::visit(self.load, f);
    f("calibration", self.calibration, "training pictures that value ranges are taken from");
    f("pictures", self.pictures, "validation pictures on which the result is compared with the model given");
    f("max_macs", self.max_macs, model::kMaxMacsHelp);
  }
};

struct ExportedFile {
  std::string path, sha256;
  int64_t bytes = 0;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("path", self.path, "file that was written");
    f("bytes", self.bytes, "its size");
    f("sha256", self.sha256, "its checksum");
  }
};

struct ExportedStep {
  std::string step;
  int changes = 0;
  double milliseconds = 0;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("step", self.step, "of the quantisation");
    f("changes", self.changes, "pairs, values or layers that it dealt with");
    f("milliseconds", self.milliseconds, "that it took");
  }
};

struct ExportReport {
  std::string model, dtype;
  std::vector<ExportedFile> files;
  std::vector<ExportedStep> steps;              // with --int8
  std::vector<std::string> kept_float;          // with --keep-float
  std::optional<evaluate::LayerLosses> layers;  // with --layer-report
  int64_t weight_bytes = 0, program_bytes = 0, arena_bytes = 0, multiply_adds = 0, parameters = 0;
  // What was written against the model given, on real pictures; 0 pictures without --data.
  int64_t pictures = 0;
  double top1_agreement = 0, largest_difference = 0, rmse = 0;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("model", self.model, "name of the files");
    f("dtype", self.dtype, "of the input: f32 or s8");
    f("files", self.files, "that were written");
    f("steps", host::unless_empty(self.steps), "of the quantisation, in the order in which they ran");
    f("kept_float", host::unless_empty(self.kept_float), "layers that stayed float");
    f("layer_losses", self.layers, "what int8 costs layer by layer");
    f("parameters", self.parameters, "weights and biases");
    f("multiply_adds", self.multiply_adds, "for one face");
    f("weight_bytes", self.weight_bytes, "weights and biases as the program holds them");
    f("program_bytes", self.program_bytes, "the planned program");
    f("arena_bytes", self.arena_bytes, "memory that the program needs to run");
    f("compared_on", self.pictures, "pictures that both the result and the model given read; 0 without --data");
    f("top1_agreement", self.top1_agreement, "share of them that both answer alike");
    f("largest_difference", self.largest_difference, "between two probabilities");
    f("rmse", self.rmse, "root of the mean squared difference of probabilities");
  }
};

ExportReport export_model(const ExportRequest& request, const host::Task& task);

}  // namespace dimple::workflow
