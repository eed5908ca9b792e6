// dimple report runs/search/1: what a search found, as a page.
#pragma once
#include <filesystem>
#include <string>

#include "host/document.h"

namespace dimple::workflow {

struct SearchPage {
  std::string path;
  int64_t trials = 0;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("page", self.path, "that was written");
    f("trials", self.trials, "networks that were tried");
  }
};

// Whether it is the folder of a search.
bool is_search(const std::filesystem::path& folder);

// Writes the page; "": report.md in the folder. Throws host::Error(Exit::input) for a report that cannot be read.
SearchPage report_search(const std::filesystem::path& folder, const std::string& out);

}  // namespace dimple::workflow
