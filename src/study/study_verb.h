// What all verbs that make a table of many runs share: flags, folders, report.
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "host/task.h"
#include "study/study.h"
#include "study/summary.h"
#include "train/ranks.h"
#include "train/request.h"

namespace dimple::study {

struct StudyFlags {
  std::string study, out, only;
  bool table = false;

  // False: a lone run is asked for.
  bool is_given() const { return !study.empty(); }

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("study", self.study,
      "a TOML file with many runs, which become one table (recipes/, docs/training.md); goes on from what is there");
    f("out", self.out, "folder of the study's results; their table stands beside it, OUT.md (default: below --runs)");
    f("only", self.only, "of a study, the runs whose name holds this");
    f("table", self.table, "of a study, print the table of what is there; nothing is run");
  }
};

struct StudyReport {
  std::string folder, table;  // the table as Markdown
  bool finished = false;      // every member that was asked for has a result
  int64_t failed = 0;
  StudySummary summary;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    StudySummary::visit(self.summary, f);
  }
};

// The TOML file that is named. Throws a usage error where it cannot be read.
host::Json read_recipe(const StudyFlags& flags);

// Where its runs work, and where their results stand.
struct StudyPlace {
  std::filesystem::path runs, folder;
};
// Throws a usage error where one run is to be resumed, and in one of several processes: a study goes on by itself, in one.
StudyPlace place_of(const StudyFlags& flags, const train::Session& session,
                    const train::Rank& rank = train::rank_from_environment());

// The run folder of a member, runs/<verb>/<name>: resumes it where it is there and `can_go_on` says so of it; one that cannot is
// left as it is, and the run takes a new name beside it.
void choose_folder(train::Session& session, const std::filesystem::path& runs, const std::string& verb,
                   const std::string& name, const std::function<bool(const std::filesystem::path&)>& can_go_on);

// What every result tells of how it was made.
host::Json circumstances_of(int threads, const std::string& precision, const std::string& built_from,
                            const std::string& data, const std::string& data_sha256);

// Runs what has no result yet (run_study), or with --table reads what is there.
StudyReport run_or_read(const StudyFlags& flags, const Study& study, const StudyPlace& place,
                        const std::vector<Member>& members, const std::function<host::Json(const Member&)>& run,
                        const host::Task& task, const Kind& kind);

}  // namespace dimple::study
