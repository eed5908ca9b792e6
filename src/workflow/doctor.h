// dimple doctor: what this machine and this build can do, and what to do about what they cannot.
#pragma once
#include <string>
#include <vector>

namespace dimple::workflow {

struct DoctorRequest {
  std::string programs;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("programs", self.programs, "folder where dimple-lab is looked for (default: beside this program)");
  }
};

struct Finding {
  std::string what;  // "finder dlib-hog"
  bool fine = false;
  bool needed = true;  // for the everyday verbs
  std::string detail;  // "dlib 19.24", or why it is not there
};

struct DoctorReport {
  std::vector<Finding> findings;

  bool fine() const {  // all that is needed is there
    for (const Finding& finding : findings) {
      if (finding.needed && !finding.fine) return false;
    }
    return true;
  }
};

DoctorReport doctor(const DoctorRequest& request);

}  // namespace dimple::workflow
