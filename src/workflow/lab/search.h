// dimple search: a network for a purpose, found by a machine.
#pragma once
#include "search/search.h"

namespace dimple::workflow {

using SearchRequest = search::SearchRequest;
using SearchReport = search::SearchReport;

SearchReport search(const SearchRequest& request, const host::Task& task);

}  // namespace dimple::workflow
