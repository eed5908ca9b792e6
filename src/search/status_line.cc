#include "search/status_line.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/duration.h"
#include "plot/axis.h"

namespace dimple::search {

void StatusLine::hear(const TrialResult& result, double cost, const Place& place) {
  if (++trials_ == 1) first_seconds_ = result.seconds, first_cost_ = cost;
  if (!result.failure.empty())
    ++failed_;
  else if (!best_ || place < best_->place)
    best_ = {result.score, cost, place};
}

// Of all but the first network: it is trained for longer. 0: none has ended.
double StatusLine::seconds_for_each(double seconds) const {
  return trials_ < 2 ? 0 : std::max(0.0, seconds - first_seconds_) / (trials_ - 1);
}

std::optional<double> StatusLine::seconds_left(double seconds) const {
  std::optional<double> left;
  if (options_.most_seconds > 0) left = std::max(0.0, options_.most_seconds - seconds);
  const double each = seconds_for_each(seconds);
  if (options_.most_trials > 0 && each > 0) {
    const double trials = each * std::max(0, options_.most_trials - trials_);
    left = std::min(left.value_or(trials), trials);
  }
  return left;
}

// What counts most stands last: where there is no room, the beginning is left out.
std::string StatusLine::text(double seconds) const {
  std::string text;
  if (best_) {
    text = fmt::format("best {} {:.4f}, {} {}", options_.score, best_->score, options_.objective,
                       plot::short_number(best_->cost));
    if (best_->cost > 0 && best_->cost < first_cost_)
      text += fmt::format(" ({:.3g} times less)", first_cost_ / best_->cost);
    text += "; ";
  }
  text += options_.most_trials > 0 ? fmt::format("{} of {} trials", trials_, options_.most_trials)
                                   : fmt::format("{} {}", trials_, trials_ == 1 ? "trial" : "trials");
  if (failed_ > 0) text += fmt::format(", {} failed", failed_);
  if (const double each = seconds_for_each(seconds); each > 0) text += fmt::format(", {:.0f} an hour", 3600 / each);
  if (const auto left = seconds_left(seconds)) text += fmt::format(", {} left", host::print_duration(*left));
  return text;
}

void StatusProgress::trial_ended() {
  if (line_.trials() % 10 == 0) shown_.say(text());
}

}  // namespace dimple::search
