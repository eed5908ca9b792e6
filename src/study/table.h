// The page of a study: its summary as a table, and under it the circumstances and what failed.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "study/study.h"

namespace dimple::study {

// Of trainings, as Markdown.
std::string print_table(const Study& study, const std::vector<MemberResult>& results);

// Around the tables of any study: its title and note, under them the circumstances and what failed.
std::string print_page(const Study& study, const std::vector<MemberResult>& results, const std::string& tables);

std::string markdown(const std::vector<std::vector<std::string>>& rows);  // the first one heads the columns

// The page of a study whose results are in `folder`: beside it, folder.md. Throws a usage error for the current folder:
// its name was not typed, and a file beside it would be a surprise.
std::filesystem::path page_of(const std::filesystem::path& folder);

// That page, and summary.json in the folder.
void write_tables(const Study& study, const std::filesystem::path& folder, const std::vector<MemberResult>& results,
                  const std::string& page);

}  // namespace dimple::study
