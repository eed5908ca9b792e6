// dimple models: the models inside the program and the architectures that can be trained.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

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

struct ModelRow {
  std::string name;
  std::vector<std::string> labels;
  std::string dtype, input;  // "s8", "48x48x1"
  // parameters: learned; statistics: what batch norms gather beside them
  int64_t weight_bytes = 0, multiply_adds = 0, parameters = 0, statistics = 0, arena_bytes = 0, program_bytes = 0;
  std::string accuracy;  // of a shipped model, from its card: "0.6715 on fer2013"
  std::string what;      // of an architecture: a sentence
};

struct ModelsReport {
  std::vector<ModelRow> models;
  std::string details;  // with `show`: graph and plan as text
};

ModelsReport models(const ModelsRequest& request);

}  // namespace dimple::workflow
