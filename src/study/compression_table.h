// The table of a study of compressions: a row for each cell, accuracy beside what it takes.
#pragma once
#include <string>
#include <vector>

#include "study/study.h"

namespace dimple::study {

std::vector<std::string> usual_columns();

// Throws a usage error for a column that a cell does not measure.
void check_columns(const std::vector<std::string>& columns, const std::string& what);

// The page, as Markdown.
std::string print_compressions(const Study& study, const std::vector<MemberResult>& results);

}  // namespace dimple::study
