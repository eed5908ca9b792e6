// dimple demo: the reader at work on a drawn face that changes its expression; a moving picture for a page.
#pragma once
#include <string>
#include <vector>

#include "media/drawn_face.h"
#include "workflow/predict.h"

namespace dimple::workflow {

struct DemoRequest {
  std::string out, model = "dimple-nano";

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("out", self.out, "moving picture to write, an .svg (default: only read)");
    f("model", self.model, "a shipped model, a .safetensors file or a .dimple program");
  }
};

// One picture of the face, and what was read.
struct DemoFrame {
  media::DrawnFace drawn;
  FaceResult face;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("smile", self.drawn.smile, "of the drawn mouth: -1 its corners hang, 1 they are up");
    f("open", self.drawn.open, "of the drawn mouth, 0 to 1");
    f("brow", self.drawn.brow, "-1: the brows are low, 1: raised");
    f("frown", self.drawn.frown, "-1: the brows' inner ends are up, 1: down");
    f("lids", self.drawn.lids, "0: the eyes are wide open, 1: slits");
    f("face", self.face, "what was read");
  }
};

struct DemoReport {
  std::string model;
  std::vector<DemoFrame> frames;
  std::string film;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("model", self.model, "name of the model");
    f("frames", self.frames, "in their order");
    f("film", host::unless_empty(self.film), "the moving picture that was written");
  }
};

DemoReport demo(const DemoRequest& request, const host::Task& task);

}  // namespace dimple::workflow
