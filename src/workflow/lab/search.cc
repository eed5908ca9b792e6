#include "workflow/lab/search.h"

#include "search/watch.h"

namespace dimple::workflow {

SearchReport search(const SearchRequest& request, const std::vector<std::string>& given, const host::Task& task,
                    const search::OnStore& on_store) {
  if (request.study.is_given()) return study::search_study(request.study, request.search, given, task);
  if (request.search.again != 0) return search::try_again(request.search, task);
  return search::search(request.search, train::rank_from_environment(), task, on_store);
}

bool is_watched(const SearchRequest& request) {
  return !request.study.is_given() && search::Watch::is_for(request.search, train::rank_from_environment());
}

}  // namespace dimple::workflow
