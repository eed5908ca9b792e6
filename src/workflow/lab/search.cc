#include "workflow/lab/search.h"

namespace dimple::workflow {

SearchReport search(const SearchRequest& request, const std::vector<std::string>& given, const host::Task& task) {
  if (request.study.is_given()) return study::search_study(request.study, request.search, given, task);
  return search::search(request.search, train::rank_from_environment(), task);
}

}  // namespace dimple::workflow
