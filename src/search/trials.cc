#include "search/trials.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/error.h"
#include "host/files.h"
#include "ir/initialise.h"
#include "search/trial.h"

namespace dimple::search {

Trials::Trials(const ir::Graph& first, Crew& crew, Store& store, const TrialsOptions& options, const host::Task& task)
    : first_(first), crew_(crew), store_(store), options_(options), task_(task) {
  host::make_folder(options_.folder / "nets");
  host::remove_leftovers(options_.folder / "nets");
}

std::filesystem::path Trials::file_of(const std::string& key) const {
  return options_.folder / "nets" / (key + ".safetensors");
}

std::optional<model::Model> Trials::model_of(const std::string& key) const {
  if (!host::file_exists(file_of(key))) return {};
  return model::load_model(file_of(key).string());
}

// What was done in another session counts, so that the same decisions follow.
size_t Trials::how_many_more() const {
  constexpr size_t kAny = 1 << 30;
  if (options_.most_seconds > 0 && store_.seconds() + since_.seconds() >= options_.most_seconds) return 0;
  if (options_.most_trials == 0) return kAny;
  const auto done = std::ranges::count_if(store_.all(), &Record::done);
  return static_cast<size_t>(std::max<int64_t>(0, options_.most_trials - done));
}

bool Trials::should_stop() const {
  const double limit = options_.session.max_minutes * 60;
  return task_.cancelled() || (limit > 0 && session_.seconds() > limit);
}

// The heir's weights where the new network is one step or more behind it; else those of the first network as its trial left
// it, cut, and of the heir whatever fits.
ir::Graph Trials::inherit(const Proposal& proposal) const {
  if (proposal.path.empty()) return first_;
  if (!options_.inherit) {
    ir::Graph graph = follow_structure(first_, proposal.path);
    ir::initialise(graph, options_.recipe.seed);
    return graph;
  }
  const std::optional<model::Model> heir = proposal.heir.empty() ? std::nullopt : model_of(proposal.heir);
  const std::optional<model::Model> trained = model_of(key_of(first_));
  const ir::Graph& first = trained ? trained->graph : first_;
  if (!heir) return follow(first, proposal.path, options_.recipe.seed);
  const Path before = parse_path(store_.find(proposal.heir)->path);
  if (before.size() <= proposal.path.size() && std::equal(before.begin(), before.end(), proposal.path.begin()))
    return follow(heir->graph,
                  {proposal.path.begin() + static_cast<std::ptrdiff_t>(before.size()), proposal.path.end()},
                  options_.recipe.seed);
  ir::Graph graph = follow(first, proposal.path, options_.recipe.seed);
  take_over(graph, heir->graph);
  return graph;
}

// Weights first: a trial that is done has left what others need.
void Trials::keep(const Open& open, const Tried& tried) {
  const bool is_first = open.proposal.path.empty();
  if (tried.result.failure.empty() && (is_first || options_.keeps_weights(tried.result)))
    model::save_model(file_of(open.record.key).string(), tried.model);
  store_.finish(open.record.key, tried.result);
  store_.add_seconds(since_.seconds()), since_.restart();
  if (options_.on_trial) options_.on_trial(*store_.find(open.record.key), open.structure);
}

// Of each epoch but the last the median of the trials that were over for certain when this one was asked for, once there are
// enough to have one: the same whether the search was stopped on the way or not.
std::vector<double> Trials::bars(int64_t trial) const {
  constexpr size_t kEnough = 5;
  std::vector<double> medians;
  if (!options_.median_stop) return medians;
  const std::vector<Record> all = store_.all();
  for (size_t epoch = 0; epoch + 1 < static_cast<size_t>(options_.recipe.epochs); ++epoch) {
    std::vector<double> seen;
    for (const Record& r : all)
      if (r.done && !r.path.empty() && r.id <= trial - options_.at_once && r.result.course.size() > epoch)
        seen.push_back(r.result.course[epoch]);
    if (seen.size() < kEnough) break;
    std::ranges::nth_element(seen, seen.begin() + static_cast<std::ptrdiff_t>((seen.size() - 1) / 2));
    medians.push_back(seen[(seen.size() - 1) / 2]);
  }
  return medians;
}

Work Trials::work_of(const Proposal& proposal, int64_t id) const {
  const bool is_first = proposal.path.empty();
  Work work{inherit(proposal), is_first ? options_.first_recipe : options_.recipe};
  work.graph.name = first_.name;
  if (is_first) return work;
  if (options_.inherit_only)
    work.recipe.epochs = 0, work.settle = true;
  else
    work.bars = bars(id);
  return work;
}

Tried Trials::again(const Record& record, Pictures& pictures) const {
  if (!record.heir.empty() && options_.inherit && !host::file_exists(file_of(record.heir)))
    throw host::Error(
        host::Exit::input, fmt::format("trial {} began with weights that are gone", record.id),
        fmt::format("{} is not there: --keep best has left the best alone", file_of(record.heir).string()));
  const Work work = work_of({parse_path(record.path), record.heir}, record.id);
  return run_trial(
      work, pictures, options_.session, [this] { return should_stop(); }, task_);
}

void Trials::run(const std::vector<Open>& open) {
  std::vector<Work> works;
  for (const Open& one : open) works.push_back(work_of(one.proposal, one.record.id));
  const auto stop = [this] { return should_stop(); };
  if (!crew_.run(works, stop, [&](size_t i, const Tried& tried) { keep(open[i], tried); })) stopped_ = true;
}

std::vector<Record> Trials::assess(const std::vector<Proposal>& proposals) {
  std::vector<std::string> keys;
  std::vector<Open> open;
  size_t left = stopped_ ? 0 : how_many_more();
  for (const Proposal& proposal : proposals) {
    ir::Graph structure = follow_structure(first_, proposal.path);
    const std::string key = key_of(structure);
    const std::optional<Record> known = store_.find(key);
    if (!known || !known->done) {
      if (left == 0) break;
      --left;
      open.push_back(
          {store_.ask({0, key, proposal.heir, print(proposal.path), false, {}}), proposal, std::move(structure)});
    }
    keys.push_back(key);
  }
  if (!open.empty()) run(open);
  std::vector<Record> records;
  for (const std::string& key : keys) {
    const std::optional<Record> record = store_.find(key);
    if (!record->done) break;
    records.push_back(*record);
  }
  return records;
}

}  // namespace dimple::search
