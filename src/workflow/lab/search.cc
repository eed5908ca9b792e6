#include "workflow/lab/search.h"

namespace dimple::workflow {

SearchReport search(const SearchRequest& request, const host::Task& task) {
  return search::search(request, train::rank_from_environment(), task);
}

}  // namespace dimple::workflow
