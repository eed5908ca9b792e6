// dimple search --study: one table of searches that vary along axes (study/study.h): methods, strategies, seeds, floors.
// Every search has a run folder of its own, and is tested once, at its end.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "host/task.h"
#include "search/search.h"
#include "study/study_verb.h"

namespace dimple::study {

// How a search is run; tests give their own.
using SearchTool = std::function<search::SearchReport(const search::SearchRequest&)>;

// Settings, weakest first: a search's own defaults, the study's base, what of `asked` was asked for on this call (`given`:
// the names of those fields), the axes.
StudyReport search_study(const StudyFlags& flags, const search::SearchRequest& asked,
                         const std::vector<std::string>& given, const host::Task& task, const SearchTool& tool = {});

}  // namespace dimple::study
