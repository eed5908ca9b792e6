// dimple models: the models inside the program and the architectures that can be trained.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "host/document.h"

namespace dimple::workflow {

struct ModelsRequest {
  std::string show, input;
  bool architectures = false;
  int classes = 7;
  float width = 1;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("show", self.show, "a model's name or file: its graph, its cost and its plan; or an architecture: its graph");
    f("architectures", self.architectures, "list the networks that can be trained, not the shipped models");
    f("classes", self.classes, "of the architectures");
    f("width", self.width, "of the architectures: their inner widths times this");
    f("input", self.input, "of the architectures, HEIGHTxWIDTHxCHANNELS (default: each one's own)");
  }
};

struct ModelSummary {
  std::string name;
  std::vector<std::string> labels;
  std::string dtype, input;
  int64_t parameters = 0, statistics = 0, weight_bytes = 0, multiply_adds = 0, arena_bytes = 0, program_bytes = 0;
  std::string accuracy;
  std::string what;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("name", self.name, "of the model or the architecture");
    f("labels", self.labels, "the expressions that a model tells apart, in the order of its outputs");
    f("dtype", self.dtype, "of the input: f32 or s8");
    f("input", self.input, "HEIGHTxWIDTHxCHANNELS");
    f("parameters", self.parameters, "what is learned: weights and biases");
    f("statistics", self.statistics, "what batch norms gather beside them");
    f("weight_bytes", self.weight_bytes, "weights and biases as they are stored");
    f("multiply_adds", self.multiply_adds, "for one face");
    f("arena_bytes", self.arena_bytes, "memory that its program needs to run; 0 for an architecture");
    f("program_bytes", self.program_bytes, "its planned program; 0 for an architecture");
    f("accuracy", self.accuracy, "of a shipped model, from its card: 0.6715 on fer2013");
    f("what", self.what, "of an architecture: a sentence");
  }
};

struct ModelsReport {
  std::vector<ModelSummary> models;
  std::string details;  // with `show`

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("models", self.models, "the models or architectures that were asked for");
    f("details", host::unless_empty(self.details), "of a single one: graph and plan as text");
  }
};

ModelsReport models(const ModelsRequest& request);

}  // namespace dimple::workflow
