// dimple search: a network for a purpose, found by a machine, or a study of many such searches.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "search/search.h"
#include "study/searches.h"

namespace dimple::workflow {

struct SearchRequest {
  search::SearchRequest search;
  study::StudyFlags study;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    search::SearchRequest::visit(self.search, f);
    study::StudyFlags::visit(self.study, f);
  }
};

using SearchReport = std::variant<search::SearchReport, search::AgainReport, study::StudyReport>;

// `given`: the names of the fields that were asked for on this call; in a study they weigh more than its base.
SearchReport search(const SearchRequest& request, const std::vector<std::string>& given, const host::Task& task,
                    const search::OnStore& on_store = {});

// Whether its process is to be watched by another (search/watch.h); a study's searches are its own.
bool is_watched(const SearchRequest& request);

}  // namespace dimple::workflow
