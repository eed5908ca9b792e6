#include <fmt/format.h>

#include "host/files.h"
#include "study/study.h"
#include "study/table.h"

namespace dimple::study {
namespace {

using host::Error;
using host::Exit;
using host::Json;

namespace fs = std::filesystem;

fs::path file_of(const fs::path& folder, const Member& member) { return folder / (member.name + ".json"); }

}  // namespace

std::vector<MemberResult> load_results(const fs::path& folder, const std::vector<Member>& members) {
  std::vector<MemberResult> results;
  for (const Member& member : members) {
    const fs::path file = file_of(folder, member);
    Json result;
    if (host::file_exists(file)) {
      result = host::parse_json(host::read_text(file), file.string());
      const Json made_with = host::json_value<Json>(result, "settings", file.string());
      if (!same_result(request_of(made_with), request_of(member.settings)))
        throw Error(Exit::usage, file.string() + " was made with other settings than this study has now",
                    "move it away, or give the study another --out");
    }
    results.push_back({member, std::move(result)});
  }
  return results;
}

StudyRun run_study(const Study& study, const fs::path& folder, const std::vector<Member>& members,
                   const std::function<Json(const Member&)>& run, const host::Task& task, const std::string& only) {
  host::make_folder(folder);
  for (const fs::path& with : {folder, page_of(folder).parent_path()}) host::remove_leftovers(with);
  StudyRun out{load_results(folder, members), true};
  write_tables(study, folder, out.results);  // a page that cannot be written is said before hours are spent
  for (size_t i = 0; i < out.results.size(); ++i) {
    MemberResult& r = out.results[i];
    if (!r.result.is_null() && !r.result.contains("error")) continue;
    if (r.member.name.find(only) == std::string::npos) continue;
    if (task.cancelled()) {  // while the member before was tested
      out.finished = false;
      break;
    }
    task.progress().say(fmt::format("{} of {}: {}", i + 1, out.results.size(), r.member.name));
    Json result{{"schema", 1}, {"member", r.member.name}};
    for (const auto& [axis, label] : r.member.place) result["place"][axis] = label;
    result["settings"] = result_settings(r.member.settings);
    try {
      result.update(run(r.member));
    } catch (const Error& error) {
      // Not this member's fault, and the next one would meet the same.
      if (task.cancelled() || error.exit() == Exit::resources) throw;
      result["error"] = error.what();
      task.progress().say(fmt::format("{} failed: {}", r.member.name, error.what()));
    }
    if (result.contains("unfinished")) {
      out.finished = false;
      break;
    }
    r.result = std::move(result);
    host::write_atomic(file_of(folder, r.member), r.result.dump(2) + "\n");
    write_tables(study, folder, out.results);
  }
  write_tables(study, folder, out.results);
  return out;
}

}  // namespace dimple::study
