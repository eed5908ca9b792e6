#include "search/trials.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/files.h"
#include "search/trial.h"

namespace dimple::search {

Trials::Trials(const ir::Graph& first, Pictures& pictures, Store& store, const TrialsOptions& options,
               const host::Task& task)
    : first_(first), pictures_(pictures), store_(store), options_(options), task_(task) {
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

// What was begun in another session and is there counts, so that the same decisions follow.
bool Trials::is_over() const {
  if (options_.most_seconds > 0 && store_.seconds() + since_.seconds() >= options_.most_seconds) return true;
  return options_.most_trials > 0 && std::ranges::count_if(store_.all(), &Record::done) >= options_.most_trials;
}

bool Trials::should_stop() {
  const double limit = options_.session.max_minutes * 60;
  return task_.cancelled() || (limit > 0 && session_.seconds() > limit);
}

// The heir's weights where the new network is one step or more behind it; else those of the first network as its trial left
// it, cut, and of the heir whatever fits.
ir::Graph Trials::inherit(const Proposal& proposal) {
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

// False: it was stopped.
bool Trials::run(const Record& record, const Proposal& proposal, const ir::Graph& structure) {
  ir::Graph graph = inherit(proposal);
  graph.name = first_.name;
  const Tried tried = run_trial(
      graph, pictures_, proposal.path.empty() ? options_.first_recipe : options_.recipe, options_.session,
      [this] { return should_stop(); }, task_);
  if (!tried.finished) return false;
  if (tried.result.failure.empty() && (proposal.path.empty() || options_.keeps_weights(tried.result)))
    model::save_model(file_of(record.key).string(), tried.model);
  store_.finish(record.key, tried.result);
  store_.add_seconds(since_.seconds()), since_.restart();
  if (options_.on_trial) options_.on_trial(*store_.find(record.key), structure);
  return true;
}

std::vector<Record> Trials::assess(const std::vector<Proposal>& proposals) {
  std::vector<Record> records;
  for (const Proposal& proposal : proposals) {
    const ir::Graph structure = follow_structure(first_, proposal.path);
    const std::string key = key_of(structure);
    std::optional<Record> record = store_.find(key);
    if (!record || !record->done) {
      if (stopped_ || is_over()) break;
      record = store_.ask({0, key, proposal.heir, print(proposal.path), false, {}});
      if (should_stop() || !run(*record, proposal, structure)) {
        stopped_ = true;
        break;
      }
      record = store_.find(key);
    }
    records.push_back(*record);
  }
  return records;
}

}  // namespace dimple::search
