// How a search stands, in a line that a terminal keeps in sight while trials run.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "host/task.h"
#include "search/store.h"
#include "train/schedule.h"

namespace dimple::search {

struct StatusOptions {
  std::string score, objective;  // names
  int most_trials = 0;           // 0: any number
  double most_seconds = 0;       // 0: any time
};

// Where a network stands among those that were tried: what is smaller is better, the first number first.
using Place = std::pair<double, double>;

class StatusLine {
 public:
  explicit StatusLine(StatusOptions options) : options_(std::move(options)) {}

  // A trial that ended, in their order; the first one is the first network's. A failed one has no place.
  void hear(const TrialResult& result, double cost, const Place& place);
  // `seconds`: that the search has taken, all sessions together.
  std::string text(double seconds) const;
  int trials() const { return trials_; }

 private:
  struct Best {
    double score = 0, cost = 0;
    Place place;
  };
  double seconds_for_each(double seconds) const;
  std::optional<double> seconds_left(double seconds) const;

  StatusOptions options_;
  int trials_ = 0, failed_ = 0;
  double first_seconds_ = 0, first_cost_ = 0;
  std::optional<Best> best_;
};

// Shows the line where each training would show itself; in a log, a line for each tenth trial.
class StatusProgress final : public host::Progress {
 public:
  // `seconds`: that earlier sessions took.
  StatusProgress(host::Progress& shown, const StatusLine& line, double seconds)
      : shown_(shown), line_(line), before_(seconds) {}

  void start(int64_t, std::string_view) override { shown_.start(0, "search"), show(); }
  void advance(int64_t, std::string_view) override { show(); }
  void finish() override { shown_.finish(); }
  void say(std::string_view line) override { shown_.say(line); }
  void trial_ended();

 private:
  std::string text() const { return line_.text(before_ + since_.seconds()); }
  void show() { shown_.advance(0, text()); }

  host::Progress& shown_;
  const StatusLine& line_;
  const double before_;
  const train::Stopwatch since_;
};

}  // namespace dimple::search
