// dimple report: a model's card, with every figure measured here and now: the model and, beside it, the one it was made
// from.
#pragma once
#include <string>

#include "workflow/val.h"

namespace dimple::workflow {

struct ReportRequest {
  std::string model = "dimple-nano", parent, data, protocol, votes, command, summary, training, licence = "Apache-2.0";
  std::string out = "MODEL_CARD.md";

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("model", self.model, "a shipped model, a .safetensors file or a .dimple program");
    f("parent", self.parent, "the float model it was made from: the card says what the difference costs");
    f("data", self.data, "what to test on");
    f("protocol", self.protocol, "fer2013, ferplus, ckplus, cafe, smile or own (default: the data's own)");
    f("votes", self.votes, "FER+ votes csv (default: fer2013new.csv beside the data)");
    f("summary", self.summary, "one sentence about the model");
    f("training", self.training, "one sentence about how it was trained");
    f("command", self.command, "the command that makes this model again");
    f("licence", self.licence, "licence of the weights");
    f("out", self.out, "the card to write; figures go beside it as .json");
  }
};

struct CardReport {
  std::string path, figures_path;
  ValReport model, parent;  // parent.raw.count is 0 without one
};

CardReport report(const ReportRequest& request, const host::Task& task);

}  // namespace dimple::workflow
