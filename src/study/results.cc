#include <fmt/format.h>

#include <algorithm>
#include <set>

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

bool is_wanted(const MemberResult& r, const std::string& only) {
  return (r.result.is_null() || r.result.contains("error")) && r.member.name.find(only) != std::string::npos;
}

Json run_or_error(const Member& member, const std::function<Json(const Member&)>& run, const Kind& kind,
                  const host::Task& task) {
  Json result{{"schema", 1}, {"member", member.name}};
  for (const auto& [axis, label] : member.place) result["place"][axis] = label;
  result["settings"] = result_settings(kind, member.settings);
  try {
    result.update(run(member));
  } catch (const Error& error) {
    // Not this member's fault, and the next one would meet the same.
    if (task.cancelled() || error.exit() == Exit::resources) throw;
    result["error"] = error.what();
    task.progress().say(fmt::format("{} failed: {}", member.name, error.what()));
  }
  return result;
}

}  // namespace

std::vector<MemberResult> load_results(const fs::path& folder, const std::vector<Member>& members, const Kind& kind) {
  std::vector<MemberResult> results;
  for (const Member& member : members) {
    const fs::path file = file_of(folder, member);
    Json result;
    if (host::file_exists(file)) {
      result = host::parse_json(host::read_text(file), file.string());
      const Json made_with = host::json_value<Json>(result, "settings", file.string());
      if (kind.identity(made_with) != kind.identity(member.settings))
        throw Error(Exit::usage, file.string() + " was made with other settings than this study has now",
                    "move it away, or give the study another --out");
    }
    results.push_back({member, std::move(result)});
  }
  if (kind.drop_outdated) kind.drop_outdated(results);
  return results;
}

StudyRun run_study(const Study& study, const fs::path& folder, const std::vector<Member>& members,
                   const std::function<Json(const Member&)>& run, const host::Task& task, const std::string& only,
                   const Kind& kind) {
  host::make_folder(folder);
  for (const fs::path& with : {folder, page_of(folder).parent_path()}) host::remove_leftovers(with);
  StudyRun out{load_results(folder, members, kind), true};
  const auto write = [&] { write_tables(study, folder, out.results, kind.page(study, out.results)); };
  write();  // a page that cannot be written is said before hours are spent
  std::set<std::string> tried;
  const auto next = [&] {  // from the first each time: what a run makes out of date may stand before it
    return std::ranges::find_if(
        out.results, [&](const MemberResult& r) { return is_wanted(r, only) && !tried.contains(r.member.name); });
  };
  for (auto r = next(); r != out.results.end(); r = next()) {
    const Member& member = r->member;
    if (task.cancelled()) {  // while the member before was tested
      out.finished = false;
      break;
    }
    task.progress().say(fmt::format("{} of {}: {}", r - out.results.begin() + 1, out.results.size(), member.name));
    Json result = run_or_error(member, run, kind, task);
    if (result.contains("unfinished")) {
      out.finished = false;
      break;
    }
    r->result = std::move(result);
    host::write_atomic(file_of(folder, member), r->result.dump(2) + "\n");
    tried.insert(member.name);
    if (kind.drop_outdated) kind.drop_outdated(out.results);
    write();
  }
  write();
  return out;
}

}  // namespace dimple::study
