// Tries networks, each once, and keeps what they learned for those that come from them.
#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "host/task.h"
#include "search/assess.h"
#include "search/crew.h"
#include "search/store.h"
#include "train/request.h"
#include "train/schedule.h"

namespace dimple::search {

struct TrialsOptions {
  std::filesystem::path folder;  // of the run
  train::Recipe recipe, first_recipe;
  train::Session session;
  bool inherit = true;        // false: every network but the first begins with random weights
  bool inherit_only = false;  // nothing but the first network is trained
  bool median_stop = false;   // a trial ends after an epoch at which most earlier ones were better
  int at_once = 1;            // trials between two decisions
  int most_trials = 0;        // 0: any number
  double most_seconds = 0;    // of all sessions together; 0: any time
  // Of those that others may inherit from: their weights are kept.
  std::function<bool(const TrialResult&)> keeps_weights = [](const TrialResult&) { return true; };
  // Called for each that was tried here, with its structure.
  std::function<void(const Record&, const ir::Graph& structure)> on_trial = {};
};

class Trials final : public Assessor {
 public:
  // All must outlive it. `first` has weights.
  Trials(const ir::Graph& first, Crew& crew, Store& store, const TrialsOptions& options, const host::Task& task);

  std::vector<Record> assess(const std::vector<Proposal>& proposals) override;

  // False: it was stopped in the middle, by a signal or the session's own time, and goes on when it is run again.
  bool finished() const { return !stopped_; }
  // The same trial once more, with the weights that its heir left; nothing is kept. Throws host::Error(Exit::input) where those
  // are gone.
  Tried again(const Record& record, Pictures& pictures) const;
  // With the weights that its trial left; nothing: it left none.
  std::optional<model::Model> model_of(const std::string& key) const;

 private:
  std::filesystem::path file_of(const std::string& key) const;
  // A proposal that was not tried yet.
  struct Open {
    Record record;
    Proposal proposal;
    ir::Graph structure;
  };
  size_t how_many_more() const;
  bool should_stop() const;
  ir::Graph inherit(const Proposal& proposal) const;
  Work work_of(const Proposal& proposal, int64_t id) const;
  std::vector<double> bars(int64_t trial) const;
  void run(const std::vector<Open>& open);
  void keep(const Open& open, const Tried& tried);

  const ir::Graph& first_;
  Crew& crew_;
  Store& store_;
  const TrialsOptions& options_;
  const host::Task& task_;
  const train::Stopwatch session_;
  train::Stopwatch since_;  // what was not yet added to the store
  bool stopped_ = false;
};

}  // namespace dimple::search
