#include "search/explorer.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <map>
#include <optional>

#include "host/suggest.h"
#include "search/front.h"

namespace dimple::search {
namespace {

constexpr int kMostDraws = 200;  // until a network is found whose costs are as required

class Base : public Explorer {
 public:
  explicit Base(const Ground& ground) : ground_(ground), random_(ground.seed) {}

 protected:
  // The best of what `draw` gives: new, within the requirements of cost as far as can be; of `among` such ones that with
  // the most of `worth`.
  template <class Draw, class Worth>
  Candidate choose(int among, const Draw& draw, const Worth& worth) {
    std::optional<Candidate> best, nearest;
    int seen = 0;
    for (int i = 0; i < kMostDraws && seen < among; ++i) {
      Candidate c = draw();
      if (!ground_.is_new(c.key)) continue;
      if (c.cost_miss > 0) {
        if (!nearest || c.cost_miss < nearest->cost_miss) nearest = std::move(c);
        continue;
      }
      ++seen;
      if (!best || worth(c) > worth(*best)) best = std::move(c);
    }
    if (best) return *best;
    if (nearest) return *nearest;
    return draw();  // nothing is new: what is known is not tried again
  }

  Candidate anywhere() { return ground_.look(ground_.space.random(random_)); }

  const Ground ground_;
  host::Random random_;
};

class Ranked final : public Base {
 public:
  Ranked(const Ground& ground, int among, double Candidate::*worth) : Base(ground), among_(among), worth_(worth) {}
  Candidate propose() override {
    return choose(
        among_, [this] { return anywhere(); }, [this](const Candidate& c) { return c.*worth_; });
  }
  void hear(const Outcome&) override {}

 private:
  int among_;
  double Candidate::*worth_;
};

// Which kinds of change have paid: a child that is better than its parent is a success.
class Kinds {
 public:
  explicit Kinds(std::vector<std::string> names) : names_(std::move(names)) {}

  const std::string& draw(host::Random& random) const {
    double all = 0;
    for (const std::string& name : names_) all += worth(name);
    double at = static_cast<double>(random.unit()) * all;
    for (const std::string& name : names_)
      if ((at -= worth(name)) < 0) return name;
    return names_.back();
  }
  void learn(const std::string& name, bool success) { tried_[name].second += 1, tried_[name].first += success; }

 private:
  // The mean of what is likely: one success of two before anything is known.
  double worth(const std::string& name) const {
    const auto it = tried_.find(name);
    return it == tried_.end() ? 0.5 : (it->second.first + 1.0) / (it->second.second + 2.0);
  }

  std::vector<std::string> names_;
  std::map<std::string, std::pair<int, int>> tried_;  // successes, tries
};

// Networks that miss less come first; of those that miss nothing, the weighted sum of score and saving.
bool better(const Outcome& a, const Outcome& b, double weight) {
  if (a.failed != b.failed) return b.failed;
  if (a.miss != b.miss) return a.miss < b.miss;
  // A tenth of score against a factor e of cost, at most.
  const auto worth = [&](const Outcome& o) {
    return o.score - weight * 0.1 * std::log(std::max(o.candidate.cost, 1e-9));
  };
  return worth(a) > worth(b);
}

class Breeder : public Base {
 public:
  explicit Breeder(const Ground& ground) : Base(ground), kinds_(ground.space.kinds()) {}

  void hear(const Outcome& outcome) override {
    const Outcome* const parent = find(outcome.candidate.heir);
    if (parent != nullptr && !outcome.candidate.kind.empty())
      kinds_.learn(outcome.candidate.kind, better(outcome, *parent, outcome.candidate.weight));
    remember(outcome);
  }

 protected:
  virtual const Outcome* find(const std::string& key) const = 0;
  virtual void remember(const Outcome&) = 0;

  Candidate child_of(const Candidate& parent, int steps) {
    return choose(
        ground_.screen,
        [&] {
          Design design = parent.design;
          std::string kind;
          for (int i = 0; i < steps; ++i)
            kind = kinds_.draw(random_), design = ground_.space.mutate(design, kind, random_);
          Candidate c = ground_.look(design);
          c.heir = parent.key, c.kind = kind, c.weight = weight_;
          return c;
        },
        [this](const Candidate& c) {
          return std::log(std::max(c.parameters, 1.0)) - weight_ * std::log(std::max(c.cost, 1e-9));
        });
  }

  Kinds kinds_;
  double weight_ = 0;
};

class Evolution final : public Breeder {
 public:
  using Breeder::Breeder;

  // First ones: the prototype with more and more changes, until there are enough.
  Candidate propose() override {
    if (proposed_++ < ground_.population || living_.empty()) {
      const Candidate prototype = ground_.look(ground_.space.prototype());
      const int steps = 1 + 2 * proposed_ + static_cast<int>(random_.below(8));
      return choose(
          1,
          [&] {
            Design design = prototype.design;
            for (int i = 0; i < steps; ++i) design = ground_.space.mutate(design, kinds_.draw(random_), random_);
            return ground_.look(design);
          },
          [](const Candidate& c) { return c.parameters; });
    }
    weight_ = static_cast<double>(random_.below(3)) / 2;
    const Outcome* best = nullptr;
    for (int i = 0; i < ground_.sample; ++i) {
      const Outcome& one = living_[random_.below(static_cast<uint32_t>(living_.size()))];
      if (best == nullptr || better(one, *best, weight_)) best = &one;
    }
    return child_of(best->candidate, 1 + static_cast<int>(random_.below(2)));
  }

 private:
  const Outcome* find(const std::string& key) const override {
    const auto it = std::ranges::find_if(living_, [&](const Outcome& o) { return o.candidate.key == key; });
    return it == living_.end() ? nullptr : &*it;
  }
  void remember(const Outcome& outcome) override {
    living_.push_back(outcome);
    if (static_cast<int>(living_.size()) > ground_.population) living_.pop_front();
  }

  std::deque<Outcome> living_;  // the oldest first
  int proposed_ = 0;
};

class Climb final : public Breeder {
 public:
  using Breeder::Breeder;

  Candidate propose() override {
    if (all_.empty()) {
      Candidate prototype = ground_.look(ground_.space.prototype());
      return child_of(prototype, 4);
    }
    std::vector<const Outcome*> tops = tops_now();
    weight_ = static_cast<double>(random_.below(3)) / 2;
    const Outcome* const parent = tops[random_.below(static_cast<uint32_t>(tops.size()))];
    return child_of(parent->candidate, 1 + static_cast<int>(random_.below(2)));
  }

 private:
  // Those that nothing dominates, of the ones that miss least.
  std::vector<const Outcome*> tops_now() const {
    double least = std::numeric_limits<double>::infinity();
    for (const Outcome& o : all_) least = std::min(least, o.failed ? least : o.miss);
    std::vector<const Outcome*> near;
    std::vector<Point> points;
    for (const Outcome& o : all_)
      if (!o.failed && o.miss <= least) near.push_back(&o), points.push_back({o.score, o.candidate.cost});
    if (near.empty()) return {&all_.front()};
    std::vector<const Outcome*> tops;
    for (const size_t i : front_of(points)) tops.push_back(near[i]);
    return tops;
  }
  const Outcome* find(const std::string& key) const override {
    const auto it = std::ranges::find_if(all_, [&](const Outcome& o) { return o.candidate.key == key; });
    return it == all_.end() ? nullptr : &*it;
  }
  void remember(const Outcome& outcome) override { all_.push_back(outcome); }

  std::vector<Outcome> all_;
};

}  // namespace

std::vector<std::string> explorer_names() { return {"evolution", "climb", "random", "parameters", "macs"}; }

std::unique_ptr<Explorer> make_explorer(const std::string& name, const Ground& ground) {
  host::check_choice("strategy", name, explorer_names());
  if (name == "evolution") return std::make_unique<Evolution>(ground);
  if (name == "climb") return std::make_unique<Climb>(ground);
  if (name == "macs") return std::make_unique<Ranked>(ground, ground.drawn, &Candidate::macs);
  return std::make_unique<Ranked>(ground, name == "random" ? 1 : ground.drawn, &Candidate::parameters);
}

}  // namespace dimple::search
