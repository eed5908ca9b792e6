// dimple report: a model's card, with every figure measured here and now: the model and, beside it, the one it was made
// from.
#pragma once
#include <optional>
#include <string>

#include "workflow/val.h"

namespace dimple::workflow {

struct ReportRequest {
  std::string model = "dimple-nano", parent, data, protocol, votes, command, summary, training, licence = "Apache-2.0";
  std::string out = "MODEL_CARD.md";
  bool cage = true;
  int64_t max_macs = model::kMaxMacs;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("model", self.model,
      "a shipped model, a .safetensors file or a .dimple program; or the folder of a search: what it found, as a page");
    f("parent", self.parent, "the float model it was made from: the card says what the difference costs");
    f("data", self.data, "what to test on");
    f("protocol", self.protocol, "fer2013, ferplus, ckplus, cafe, smile or own (default: the data's own)");
    f("votes", self.votes, "FER+ votes csv (default: fer2013new.csv beside the data)");
    f("cage", self.cage, "decode pictures in processes that can do nothing else, where the system has the means");
    f("summary", self.summary, "one sentence about the model");
    f("training", self.training, "one sentence about how it was trained");
    f("command", self.command, "the command that makes this model again");
    f("licence", self.licence, "licence of the weights");
    f("out", self.out, "the card to write; figures go beside it as .json. Of a search: report.md in its folder");
    f("max_macs", self.max_macs, model::kMaxMacsHelp);
  }
};

// The figures that stand beside the card, as a document of their own.
struct CardFigures {
  ValReport model;
  std::optional<ValReport> parent;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("model", self.model, "as val measures it");
    f("parent", self.parent, "the float model it was made from, as val measures it");
  }
};

struct CardReport {
  std::string path, figures_path;
  CardFigures figures;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    CardFigures::visit(self.figures, f);
    f("card", self.path, "the card that was written");
    f("figures", self.figures_path, "the figures that were written beside it");
  }
};

CardReport report(const ReportRequest& request, const host::Task& task);

}  // namespace dimple::workflow
