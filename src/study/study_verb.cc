#include "study/study_verb.h"

#include <fmt/format.h>

#include "host/files.h"
#include "host/json.h"
#include "train/run_files.h"

namespace dimple::study {

namespace fs = std::filesystem;
using host::Error;
using host::Exit;

host::Json read_recipe(const StudyFlags& flags) {
  return host::parse_toml(host::read_text(flags.study, {.limit_bytes = 1 << 20, .exit = Exit::usage}), flags.study);
}

StudyPlace place_of(const StudyFlags& flags, const train::Session& session, const train::Rank& rank) {
  if (!session.resume.empty())
    throw Error(Exit::usage, "a study goes on by itself: run it again as before", "--resume is for one run folder");
  if (rank.world > 1)
    throw Error(Exit::usage, "a study is for one process",
                "several can do its runs one by one, without --study, --folds and --seeds");
  const std::string of_file = flags.study.empty() ? "study" : fs::path(flags.study).stem().string();
  const fs::path runs = fs::path(session.runs) / (session.name.empty() ? of_file : session.name);
  return {runs, flags.out.empty() ? runs : fs::path(flags.out)};
}

void choose_folder(train::Session& session, const fs::path& runs, const std::string& verb, const std::string& name,
                   const std::function<bool(const fs::path&)>& can_go_on) {
  session.runs = runs.string();
  for (int attempt = 1;; ++attempt) {
    session.name = attempt == 1 ? name : fmt::format("{}.{}", name, attempt);
    const fs::path folder = runs / verb / session.name;
    if (!host::file_exists(folder)) return;
    if (!can_go_on(folder)) continue;
    session.resume = folder.string();
    return;
  }
}

host::Json circumstances_of(int threads, const std::string& precision, const std::string& built_from,
                            const std::string& data, const std::string& data_sha256) {
  host::Json made_with = train::environment();
  made_with["threads"] = threads, made_with["precision"] = precision, made_with["commit"] = built_from;
  made_with["data"] = fmt::format("{}, sha256 {}", data, data_sha256);
  return made_with;
}

StudyReport run_or_read(const StudyFlags& flags, const Study& study, const StudyPlace& place,
                        const std::vector<Member>& members, const std::function<host::Json(const Member&)>& run,
                        const host::Task& task, const Kind& kind) {
  StudyRun done;
  if (flags.table)
    done.results = load_results(place.folder, members, kind);
  else
    done = run_study(study, place.folder, members, run, task, flags.only, kind);
  StudyReport report{.folder = place.folder.string(), .finished = done.finished};
  for (const MemberResult& r : done.results) report.failed += r.result.contains("error");
  report.table = kind.page(study, done.results);
  report.summary = summary_of(study, done.results);
  return report;
}

}  // namespace dimple::study
