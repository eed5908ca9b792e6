// From a network to better ones for a purpose, in a run folder that can be gone on with after any interruption:
//
//   args.toml             what was asked for
//   search.sqlite         every trial (search/store.h)
//   nets/<key>.safetensors  weights of networks that others may inherit; of the best alone with --keep best
//   found.safetensors     the best network; first.safetensors, the one that it began with
//   confirmed/<length>/   of --confirm: trainings in full of that length, and their weights
//   search.json           the report; trials.csv, search.svg: every trial, as a table and as a picture
#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "host/document.h"
#include "host/task.h"
#include "search/findings.h"
#include "train/ranks.h"
#include "train/request.h"

namespace dimple::search {

struct SearchRequest {
  std::string model, method = "astar", objective = "flops", where, strategy = "evolution", kinds, total_time,
                     first_time, confirm_time, keep = "all";
  double floor = 0.8, optimism = 0.5, nested = 0.1;
  bool plain_floor = false, watch = true, inherit = true, inherit_only = false, median_stop = false;
  int again = 0, first_epochs = 10, confirm = 0, confirm_epochs = 30, trials = 0, at_once = 2, screen = 4,
      smallest_input = 16, multiple = 8;
  train::TrainRequest training;

  SearchRequest();  // trials are short, and their networks know something already

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("model", self.model, "what it begins with: a model file, whose weights stay; without one: --arch, with --init");
    f("method", self.method,
      "astar: down from the first network, the most promising reduction first; recursive: the cheapest child first, "
      "back only when none survives; design: anywhere below the first network, a prototype, as --where requires");
    f("objective", self.objective,
      "what becomes less: flops, macs, parameters, float_kb, int8_kb, ram_kb or est_ms@TARGET");
    f("where", self.where,
      "of design: what a network has to be: 'acc >= 0.6 and macs < 5M and int8_kb < 100 and est_ms@moto-g6 < 2'");
    f("strategy", self.strategy,
      "of design: evolution or climb; random, parameters and macs are what these have to beat");
    f("screen", self.screen, "of design: children that are looked at for each that is tried");
    f("floor", self.floor,
      "of astar and recursive: share of the first network's score above chance that every network on the way keeps");
    f("plain_floor", self.plain_floor, "take the share of the score as it is, chance included");
    f("optimism", self.optimism, "of astar: 1 looks at all that may still be cheaper, 0 goes down first");
    f("kinds", self.kinds,
      "kinds of reductions, by commas (edit/reductions.h); default: those that --arch names, of a model file all");
    f("smallest_input", self.smallest_input, "pixels: the picture becomes no smaller");
    f("multiple", self.multiple, "of widths, while they are larger");
    f("trials", self.trials, "networks to be tried; 0: no limit");
    f("total_time", self.total_time, "of all trials, 30m or 1h; default: until nothing is left to try");
    f("at_once", self.at_once, "trials between two decisions: processes can share so many");
    f("inherit", self.inherit, "let trials begin with weights of the network that they come from");
    f("inherit_only", self.inherit_only,
      "train only the first network: others are scored with what they inherit, batch norms settled on 20 batches");
    f("median_stop", self.median_stop, "end a trial after an epoch at which most earlier ones were better");
    f("first_epochs", self.first_epochs, "that the first network is trained for where no model file gives its weights");
    f("first_time", self.first_time, "time that it is trained for instead, 5m");
    f("confirm", self.confirm,
      "train so many of the tried networks in full at the end, from random weights, and report how well their trials "
      "ranked them");
    f("confirm_epochs", self.confirm_epochs, "epochs of each training of --confirm");
    f("confirm_time", self.confirm_time, "time of each training of --confirm, instead of epochs: 5m");
    f("again", self.again, "with --resume: only do this trial once more, from what it began with, and compare");
    f("keep", self.keep,
      "weights that stay in nets/ once it has ended: all, so that it can go on from any; best: of the first network, "
      "the "
      "found one and the front");
    f("watch", self.watch,
      "work in a process of its own, so that a crash, or the system's want of memory, ends one trial and not the "
      "search");
    f("nested", self.nested, "share of the training pictures that no decision looks at, scored beside the validation");
    train::DataPaths::visit(self.training.paths, f);
    train::DataSettings::visit(self.training.data, f);
    train::Session::visit(self.training.session, f);
    train::Recipe::visit(self.training.recipe, f);
  }
};

struct NetworkReport {
  std::string key, path, file, layers;
  double score = 0, accuracy = 0, quality = 0;
  std::optional<double> nested, test_score, test_accuracy;
  int64_t parameters = 0, multiply_adds = 0;
  double cost = 0;
  host::Named<double> required;
  std::vector<std::string> missed;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("key", self.key, "of the network");
    f("path", self.path, "what was done to the first one, a sentence a line");
    f("file", host::unless_empty(self.file), "its weights");
    f("score", self.score, "auc of two classes, else accuracy, on validation pictures");
    f("nested", self.nested, "the same on pictures that no decision looked at");
    f("accuracy", self.accuracy, "on validation pictures");
    f("quality", self.quality, "of the score, between chance (0) and the first network (1)");
    f("test_score", self.test_score, "with --test: on the test pictures");
    f("test_accuracy", self.test_accuracy, "with --test: on the test pictures");
    f("parameters", self.parameters, "weights and biases");
    f("multiply_adds", self.multiply_adds, "for one face");
    f("flops", 2 * self.multiply_adds, "the same where a multiply-add counts as two operations");
    f("cost", self.cost, "the objective");
    f("required", host::unless_empty(self.required), "the figures that --where asks for");
    f("missed", host::unless_empty(self.missed), "requirements that it does not meet");
  }
};

// A network that was trained in full.
struct ConfirmedReport {
  std::string key, path, file;
  double score = 0, full_score = 0;
  std::optional<double> full_nested;
  double cost = 0;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("key", self.key, "of the network");
    f("path", self.path, "what was done to the first one, a sentence a line");
    f("file", self.file, "its weights");
    f("score", self.score, "of its trial");
    f("full_score", self.full_score, "of its training in full, on validation pictures");
    f("full_nested", self.full_nested, "the same on pictures that no decision looked at");
    f("cost", self.cost, "the objective");
  }
};

struct SearchReport {
  std::string folder, objective, score, data, data_sha256;
  bool leads = true;  // false: another process reports
  bool finished = false;
  int64_t trials = 0, failed = 0;
  double seconds = 0;
  NetworkReport first, found;
  std::vector<NetworkReport> front;
  std::vector<RequirementReport> requirements;
  double hypervolume = 0;
  std::vector<ConfirmedReport> confirmed;
  int64_t confirmed_failed = 0;
  std::optional<double> rank_correlation;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("folder", self.folder, "the run folder");
    f("finished", self.finished, "false: stopped early, --resume goes on");
    f("objective", self.objective, "what was to become less");
    f("score", self.score, "auc or accuracy");
    f("data", self.data, "name of the data");
    f("data_sha256", self.data_sha256, "checksum of the data");
    f("trials", self.trials, "networks that were tried");
    f("failed", self.failed, "those of them that could not be scored");
    f("seconds", self.seconds, "that it took, all sessions together");
    f("first", self.first, "the network that it began with");
    f("found", self.found,
      "the cheapest above the floor; of design the best that meets all requirements, else the one that misses least");
    f("front", host::unless_empty(self.front),
      "of design: networks none of which is worse in both score and objective");
    f("requirements", host::unless_empty(self.requirements), "of design: how many networks meet each");
    f("hypervolume", self.hypervolume,
      "of design: what the front covers, in factors e of cost below the first network's times score above chance");
    f("confirmed", host::unless_empty(self.confirmed), "networks that were trained in full, the best first");
    f("confirmed_failed", self.confirmed_failed, "trainings in full that failed");
    f("rank_correlation", self.rank_correlation,
      "Spearman's, between the scores of their trials and of their trainings in full");
  }
};

// A trial that was done once more. Scores are as in SearchReport; the same to the last bit where a trial is of --epochs.
struct AgainReport {
  std::string folder, key, path, score, failure, file;
  int64_t id = 0;
  double before = 0, now = 0;
  std::optional<double> nested_before, nested_now;
  bool same_weights = false;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("folder", self.folder, "the run folder");
    f("id", self.id, "of the trial");
    f("key", self.key, "of its network");
    f("path", self.path, "what was done to the first one, a sentence a line");
    f("score", self.score, "auc or accuracy, on validation pictures");
    f("before", self.before, "as the search had it");
    f("now", self.now, "as it is now");
    f("nested_before", self.nested_before, "the same on pictures that no decision looked at");
    f("nested_now", self.nested_now, "the same on pictures that no decision looked at");
    f("same_weights", self.same_weights, "whether it has the same weights; false where the search kept none of them");
    f("failure", host::unless_empty(self.failure), "why there is no score now");
    f("file", host::unless_empty(self.file), "its weights of now");
  }
};

// Throws host::Error for what no search can be asked, and for files that it names and that cannot be read.
void check(const SearchRequest& request);

// Called with each store that is worked on, once it is open.
using OnStore = std::function<void(const std::filesystem::path&)>;

// `rank`: which of the processes that search together this one is.
SearchReport search(const SearchRequest& request, const train::Rank& rank, const host::Task& task,
                    const OnStore& on_store = {});

// Trial `request.again` of the run folder that is resumed.
AgainReport try_again(const SearchRequest& request, const host::Task& task);

}  // namespace dimple::search
