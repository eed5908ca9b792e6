#include "search/crew.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "host/document.h"
#include "host/json.h"
#include "host/processor.h"
#include "search/rank_store.h"
#include "train/run_files.h"
#include "train/schedule.h"

namespace dimple::search {
namespace {

using host::Error;
using host::Exit;
using host::Json;

class Alone final : public Crew {
 public:
  Alone(Pictures& pictures, const train::Session& session, const host::Task& task)
      : pictures_(pictures), session_(session), task_(task) {}

  bool run(const std::vector<Work>& works, const std::function<bool()>& should_stop,
           const std::function<void(size_t, const Tried&)>& done) override {
    for (size_t i = 0; i < works.size(); ++i) {
      if (should_stop()) return false;
      const Tried tried = run_trial(works[i], pictures_, session_, should_stop, task_);
      if (!tried.finished) return false;
      done(i, tried);
    }
    return true;
  }

 private:
  Pictures& pictures_;
  const train::Session session_;
  const host::Task& task_;
};

// Several on one machine share its cores.
train::Session shared_out(train::Session session, const train::Rank& rank) {
  if (session.threads == 0) session.threads = std::max(1, host::choose_threads(0) / rank.local_world);
  return session;
}

// What processes tell each other: by number, from 0, the trials that are wanted, who has taken one, and what came of it.
std::string wanted(int64_t number) { return fmt::format("trial/{}", number); }
std::string answered(int64_t number) { return fmt::format("answer/{}", number); }
// Counts that go up as long as a process lives: of the one that has a trial, and of each.
std::string beats_of(int64_t number) { return fmt::format("beats/{}", number); }
std::string beats_of_rank(int rank) { return fmt::format("rank/{}", rank); }
std::string farewell_of(int rank) { return fmt::format("bye/{}", rank); }
constexpr const char* kTaken = "taken";  // how many numbers were taken
constexpr const char* kStop = "stop";

std::vector<uint8_t> pack(const Json& head, const model::Model* model) {
  const std::string text = head.dump();
  std::vector<uint8_t> bytes(8 + text.size());
  for (size_t i = 0; i < 8; ++i) bytes[i] = static_cast<uint8_t>(text.size() >> 8 * i);
  std::ranges::copy(text, bytes.begin() + 8);
  if (model == nullptr) return bytes;
  const std::vector<uint8_t> weights = model::write_checkpoint({*model, {}});
  bytes.insert(bytes.end(), weights.begin(), weights.end());
  return bytes;
}

struct Parcel {
  Json head;
  std::optional<model::Model> model;
};

Parcel unpack(const std::vector<uint8_t>& bytes) {
  uint64_t length = 0;
  for (size_t i = 0; i < 8 && i < bytes.size(); ++i) length |= uint64_t{bytes[i]} << 8 * i;
  if (bytes.size() < 8 || length > bytes.size() - 8) throw Error(Exit::failed, "another process sent half a message");
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + 8, length);
  Parcel parcel{host::parse_json(text, "a message of another process"), {}};
  const std::span<const uint8_t> rest = std::span(bytes).subspan(8 + length);
  if (!rest.empty()) parcel.model = model::read_checkpoint(rest, "a message of another process").model;
  return parcel;
}

std::vector<uint8_t> pack_work(const Work& work, const data::Dataset& set) {
  const model::Model model{work.graph, set.labels, train::preprocess_of(set, work.recipe), {}};
  const Json head{{"recipe", host::to_json(work.recipe)}, {"settle", work.settle}, {"bars", work.bars}};
  return pack(head, &model);
}

Tried try_it(const Parcel& parcel, Pictures& pictures, const train::Session& session,
             const std::function<bool()>& should_stop, const host::Task& task) {
  Work work{.graph = parcel.model->graph};
  host::from_json(work.recipe, parcel.head.at("recipe"), "a message of another process");
  work.settle = parcel.head.at("settle").get<bool>(), work.bars = parcel.head.at("bars").get<std::vector<double>>();
  return run_trial(work, pictures, session, should_stop, task);
}

void pause() { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }

class Leader final : public Crew {
 public:
  Leader(Pictures& pictures, const train::Session& session, const train::Rank& rank, const host::Task& task)
      : pictures_(pictures),
        session_(shared_out(session, rank)),
        task_(task),
        world_(rank.world),
        store_(meet_ranks(rank, session.rank_timeout_s)) {}
  // For each process, this one's own number among them, one that is no trial. The store lives until all that live know it.
  ~Leader() override {
    try {
      for (int i = 0; i < world_; ++i) store_->set(wanted(next_++), pack({{"end", true}}, nullptr));
      for (int i = 1; i < world_; ++i)
        while (!store_->has(farewell_of(i)) && !is_silent(ranks_[static_cast<size_t>(i)], beats_of_rank(i))) pause();
    } catch (...) {  // they are gone already
    }
  }

  bool run(const std::vector<Work>& works, const std::function<bool()>& should_stop,
           const std::function<void(size_t, const Tried&)>& done) override {
    const int64_t first = next_;
    for (const Work& work : works)
      store_->set(wanted(next_++), pack_work(work, pictures_.at(work.graph.input.shape.height)));
    std::vector<bool> is_done(works.size());
    std::vector<Heard> heard(works.size());
    bool stopped = false;
    const auto number_of = [&](size_t i) { return first + static_cast<int64_t>(i); };
    const auto finish = [&](size_t i, const Tried& tried) {
      is_done[i] = true;
      store_->set(wanted(number_of(i)), pack({{"skip", true}}, nullptr));  // for a process that comes late
      done(i, tried);
    };
    const auto take_answers = [&] {
      for (size_t i = 0; i < works.size(); ++i) {
        const std::string key = answered(number_of(i));
        if (!store_->has(key)) continue;
        if (!is_done[i]) {
          const Parcel parcel = unpack(store_->get(key));
          Tried tried;
          host::from_json(tried.result, parcel.head.at("result"), key);
          if (parcel.model) tried.model = *parcel.model;
          finish(i, tried);
        }
        store_->remove(key);
      }
    };
    const auto run_here = [&](size_t i) {
      const Tried tried = run_trial(works[i], pictures_, session_, should_stop, task_);
      if (!tried.finished)
        stopped = true;
      else if (!is_done[i])
        finish(i, tried);
    };
    while (!stopped) {  // trials that no process has taken
      if (!own_) own_ = store_->add(kTaken, 1) - 1;
      if (*own_ >= next_) break;  // kept for the next call
      run_here(static_cast<size_t>(*std::exchange(own_, {}) - first));
      take_answers();
    }
    while (!stopped && std::ranges::find(is_done, false) != is_done.end()) {
      take_answers();
      stopped = should_stop();
      for (int i = 1; i < world_; ++i) is_silent(ranks_[static_cast<size_t>(i)], beats_of_rank(i));
      for (size_t i = 0; i < works.size() && !stopped; ++i) {
        if (is_done[i] || !is_silent(heard[i], beats_of(number_of(i)))) continue;
        run_here(i);
        break;  // others may have answered meanwhile
      }
      if (!stopped) pause();
    }
    take_answers();
    if (stopped) store_->set(kStop, pack({{"stop", true}}, nullptr));
    return !stopped;
  }

 private:
  // The last sign of life.
  struct Heard {
    train::Stopwatch since;
    int64_t beats = 0;
  };
  // Training and waiting give a sign several times a second, scoring does not. A trial whose process is taken for lost too
  // soon is done twice, and the first answer counts.
  bool is_silent(Heard& heard, const std::string& beats) const {
    constexpr double kSilence = 15;
    if (const int64_t now = store_->add(beats, 0); now != heard.beats) heard.beats = now, heard.since.restart();
    return heard.since.seconds() > kSilence;
  }

  Pictures& pictures_;
  const train::Session session_;
  const host::Task& task_;
  const int world_;
  std::unique_ptr<RankStore> store_;
  std::vector<Heard> ranks_ = std::vector<Heard>(static_cast<size_t>(world_));
  int64_t next_ = 0;            // number of the next trial that is wanted
  std::optional<int64_t> own_;  // a number that it has taken, and that is not wanted yet
};

}  // namespace

std::unique_ptr<Crew> make_crew(Pictures& pictures, const train::Session& session, const train::Rank& rank,
                                const host::Task& task) {
  if (rank.world == 1) return std::make_unique<Alone>(pictures, session, task);
  return std::make_unique<Leader>(pictures, session, rank, task);
}

void work_for_crew(Pictures& pictures, const train::Session& session, const train::Rank& rank, const host::Task& task) {
  const train::Session own = shared_out(session, rank);
  const std::unique_ptr<RankStore> store = meet_ranks(rank, session.rank_timeout_s);
  train::Stopwatch since_look;
  bool stopped = false;
  int64_t number = 0;
  const auto should_stop = [&] {
    if (since_look.seconds() < 0.2) return stopped;
    stopped = stopped || task.cancelled() || store->has(kStop);
    store->add(beats_of(number), 1), store->add(beats_of_rank(rank.index), 1), since_look.restart();
    return stopped;
  };
  while (!stopped) {
    number = store->add(kTaken, 1) - 1;
    while (!store->has(wanted(number)) && !should_stop()) pause();
    if (stopped) break;
    const Parcel parcel = unpack(store->get(wanted(number)));
    if (parcel.head.contains("end")) break;
    if (parcel.head.contains("skip")) continue;
    const Tried tried = try_it(parcel, pictures, own, should_stop, task);
    if (!tried.finished) break;
    const bool has_weights = tried.result.failure.empty();
    store->set(answered(number), pack({{"result", host::to_json(tried.result)}}, has_weights ? &tried.model : nullptr));
  }
  store->set(farewell_of(rank.index), pack(Json::object(), nullptr));
}

}  // namespace dimple::search
