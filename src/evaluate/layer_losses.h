// What int8 costs a network, layer by layer: how much noise a layer makes when it alone is rounded, and what becomes of
// the answers then. The layers at the top of the list are the ones to keep in float (export --keep-float).
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "compile/quantise.h"
#include "host/document.h"
#include "host/task.h"
#include "model/model.h"

namespace dimple::evaluate {

// Pictures as the device will see them, with what they show: a number of the model's labels.
struct LabelledCodes {
  std::span<const int8_t> codes;
  std::span<const int32_t> labels;
};

// Right answers of a network beside those of the float one, on the same pictures.
struct PairedAccuracy {
  double accuracy = 0;
  double loss = 0;                   // the float network's accuracy less this one's
  std::array<double, 2> interval{};  // of the loss, 95 %: from how many answers became wrong, and how many right
  double same_answer = 0;            // share of pictures

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("accuracy", self.accuracy, "share of pictures that is read right");
    f("loss", self.loss, "of accuracy against the float network");
    f("loss_interval_95", self.interval, "lower and upper end");
    f("same_answer", self.same_answer, "share of pictures that the float network answers alike");
  }
};

struct LayerLoss {
  std::string layer, op;
  int64_t weight_bytes = 0, multiply_adds = 0;  // bytes: in int8
  double snr_db = 0;
  PairedAccuracy alone;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("layer", self.layer, "name of the node");
    f("op", self.op, "its operator");
    f("weight_bytes", self.weight_bytes, "of its weight in int8");
    f("multiply_adds", self.multiply_adds, "for one face");
    f("snr_db", self.snr_db, "signal to noise of its output when it alone is rounded; 150: no noise");
    PairedAccuracy::visit(self.alone, f);
  }
};

struct LayerLosses {
  std::string model;
  int64_t noise_pictures = 0, pictures = 0;
  double float_accuracy = 0;
  PairedAccuracy integer;         // all layers rounded
  std::vector<LayerLoss> layers;  // in the order in which they run

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("model", self.model, "name of the files");
    f("noise_pictures", self.noise_pictures, "calibration pictures that noise was measured on");
    f("pictures", self.pictures, "validation pictures that were answered");
    f("float_accuracy", self.float_accuracy, "share of them that the float network reads right");
    f("int8", self.integer, "with every layer rounded");
    f("layers", self.layers, "each rounded alone, in the order in which they run");
  }
};

struct LayerLossOptions {
  int threads = 0;  // one per core
  // Fewer pictures are looked at where the network is so large that its multiply-adds would come to more than this; but
  // never fewer than these.
  int64_t most_noise_work = int64_t{20} << 30, most_work = int64_t{2} << 40;
  int64_t least_noise_pictures = 16, least_pictures = 100;
};

// `model` says what the outputs mean and how pictures become codes. Throws host::Error when the task is cancelled.
LayerLosses measure_layer_losses(const compile::Quantised&, const model::Model& model, const compile::CalibrationSet&,
                                 const LabelledCodes&, const LayerLossOptions&, const host::Task&);

// layers.csv, layers.json and layers.svg in the folder `path`; a path that ends in .csv, .json or .svg is that one file.
// What was written.
std::vector<std::string> write_layer_losses(const std::string& path, const LayerLosses&);

}  // namespace dimple::evaluate
