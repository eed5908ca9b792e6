// dimple doctor: what this machine and this build can do, and what to do about what they cannot.
#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "host/document.h"
#include "inference/level.h"

namespace dimple::workflow {

struct DoctorRequest {
  std::string programs, isa;
  bool cage = true;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("programs", self.programs, "folder where dimple-lab is looked for (default: beside this program)");
    f("isa", self.isa, inference::kIsaHelp);
    f("cage", self.cage, "look whether pictures are decoded in a cage");
  }
};

struct Finding {
  std::string what;  // "finder dlib-hog"
  bool fine = false;
  bool needed = true;  // for the everyday verbs
  std::string detail;  // "dlib 19.24", or why it is not there

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("what", self.what, "part of this machine or this build");
    f("fine", self.fine, "it is there and works");
    f("needed", self.needed, "the everyday verbs need it");
    f("detail", self.detail, "what it is, or why it is not there");
  }
};

struct DoctorReport {
  std::vector<Finding> findings;

  bool fine() const {
    return std::ranges::all_of(findings, [](const Finding& finding) { return finding.fine || !finding.needed; });
  }

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("fine", self.fine(), "all that is needed is there");
    f("findings", self.findings, "a finding for each part that was looked at");
  }
};

DoctorReport doctor(const DoctorRequest& request);

}  // namespace dimple::workflow
