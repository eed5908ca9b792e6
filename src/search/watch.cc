#include "search/watch.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/error.h"
#include "search/store.h"

namespace dimple::search {

namespace fs = std::filesystem;
using host::Error;
using host::Exit;

bool Watch::is_for(const SearchRequest& request, const train::Rank& rank) {
  return request.watch && request.again == 0 && rank.world == 1 && host::WatchedChild::is_possible();
}

std::string Watch::hear(const host::ChildEnd& end) {
  constexpr int kMostInARow = 5;
  const std::string how = "its process was ended by " + host::describe_signal(*end.crash);
  if (end.lines.empty()) throw Error(Exit::failed, "the search ended before its first trial: " + how);
  const std::string folder = fs::path(end.lines.front()).parent_path().string();
  Store store(end.lines.back());
  const std::optional<Record> at_work = store.first_undone();
  const bool confirms = end.lines.size() > 1;
  if (at_work && at_work->path.empty() && !confirms)
    throw Error(Exit::failed, "the trial of the first network failed: " + how,
                "nothing can come of it; fewer --threads, a smaller --batch or --size take less memory");
  if (at_work) store.finish(at_work->key, {.failure = how});
  const std::vector<Record> all = store.all();
  const auto results = static_cast<size_t>(
      std::ranges::count_if(all, [](const Record& r) { return r.done && r.result.failure.empty(); }));
  in_a_row_ = results > results_ ? 1 : in_a_row_ + 1, results_ = results;
  if (in_a_row_ >= kMostInARow)
    throw Error(Exit::failed, fmt::format("{} trials in a row: {}", in_a_row_, how),
                fmt::format("what is done is in {}; dimple search --resume goes on with it", folder));
  request_.training.session.resume = folder;
  double& minutes = request_.training.session.max_minutes;
  if (minutes > 0) minutes = std::max(1e-3, before_.training.session.max_minutes - since_.seconds() / 60);
  return at_work ? fmt::format("{:4}  failed: {}", at_work->id, how) : how + "; another one goes on";
}

}  // namespace dimple::search
