#include "search/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <set>
#include <tuple>

#include "host/duration.h"
#include "host/fields.h"
#include "host/files.h"
#include "host/processor.h"
#include "host/run_folder.h"
#include "host/sha256.h"
#include "host/suggest.h"
#include "ir/cost.h"
#include "ir/layer_table.h"
#include "metrics/ranks.h"
#include "model/store.h"
#include "plot/axis.h"
#include "plot/charts.h"
#include "search/confirm.h"
#include "search/costs.h"
#include "search/crew.h"
#include "search/design.h"
#include "search/front.h"
#include "search/reach.h"
#include "search/search_files.h"
#include "search/status_line.h"
#include "search/trial.h"
#include "search/trials.h"
#include "search/walk.h"
#include "train/beginning.h"
#include "train/start.h"
#include "zoo/architectures.h"

namespace dimple::search {
namespace {

namespace fs = std::filesystem;
using host::Error;
using host::Exit;
using host::Json;

struct First : train::Beginning {
  bool has_learned = false;
};

// A float network without codes: what it was trained for says nothing of smaller ones.
ir::Graph without_codes(ir::Graph graph) {
  graph.input.scale = 0, graph.input.zero_point = 0;
  for (ir::Node& node : graph.nodes) node.type.scale = 0, node.type.zero_point = 0;
  return graph;
}

// Of a resumed search, what lies in its folder: the file that was named may have changed since.
std::string file_of_first(const SearchRequest& request) {
  const std::string& folder = request.training.session.resume;
  return folder.empty() ? request.model : (fs::path(folder) / "first.safetensors").string();
}

void check_model(const model::Model& model, const std::string& what) {
  if (model.preprocess.width != model.preprocess.height)
    throw Error(Exit::model, what + " reads pictures that are no squares, which a search does not take");
  for (const auto& [name, tensor] : model.graph.constants)
    if (tensor.dtype != DType::f32)
      throw Error(Exit::model, fmt::format("{} cannot be searched from: {} is kept in few bits", what, name),
                  "begin with the float network that it was made from");
}

First load_first(const SearchRequest& request, const host::Task& task) {
  First first{train::load_beginning(file_of_first(request), request.training, task), !request.model.empty()};
  first.model.graph = without_codes(std::move(first.model.graph));
  check_model(first.model, request.model.empty() ? first.training.recipe.arch : request.model);
  return first;
}

std::string checksum_of(const std::string& file) { return file.empty() ? "" : host::sha256_file(file); }

// Every setting that decisions follow from; where data lies and how the session is run may change.
std::string identity_of(const SearchRequest& request, const First& first) {
  Json identity = host::to_json(request);
  for (const Json& shared : {host::to_json(request.training.paths), host::to_json(request.training.session)})
    for (const auto& [name, value] : shared.items()) identity.erase(name);
  for (const char* name :
       {"total_time", "trials", "model", "confirm", "confirm_epochs", "confirm_time", "keep", "watch", "again"})
    identity.erase(name);
  if (request.inherit) identity.erase("inherit");  // stores of before it could be said
  identity["data_sha256"] = first.set.sha256, identity["first"] = key_of(first.model.graph);
  identity["votes_sha256"] = host::sha256(first.set.votes);
  identity["teacher_sha256"] = checksum_of(request.training.recipe.teacher);
  return identity.dump();
}

bool is_design(const SearchRequest& request) { return request.method == "design"; }

double seconds_of(const std::string& time, const char* flag) {
  return time.empty() ? 0 : host::parse_duration(time, flag);
}

class Run {
 public:
  Run(const SearchRequest& request, const train::Rank& rank, const host::Task& task, const OnStore& on_store);
  SearchReport run();
  AgainReport again();

 private:
  void check_first();
  void open_folder();
  void keep_confirm_settings() const;
  WalkOptions walk_options() const;
  DesignOptions design_options() const;
  TrialsOptions trials_options();
  TrialsOptions confirm_options();
  std::string line_of(const Record& record, const ir::Graph& structure);
  const char* name_of_score() const { return first_.set.labels.size() == 2 ? "auc" : "accuracy"; }
  CostFigure cost_figure();
  ir::Graph structure_of(const Record& record) const;
  NetworkReport describe(const Record& record, const Trials& trials, bool test);
  Place place_of(const Record& record, const ir::Graph& structure);
  void hear(const Record& record, const ir::Graph& structure);
  void add_front(SearchReport& report, const std::vector<TrialPoint>& points, const Trials& trials);
  SearchReport report(const Trials& trials);
  void confirm(SearchReport& report, Crew& crew);
  void keep_best(const SearchReport& report) const;

  const SearchRequest request_;
  const train::Stopwatch session_;
  const host::Task task_;
  const OnStore on_store_;
  const train::Rank rank_;
  const Requirements where_;
  const First first_;
  const double chance_;
  Pictures pictures_;
  fs::path folder_;
  std::unique_ptr<Store> store_;
  Costs costs_;
  Quality quality_;
  StatusLine status_;
  std::unique_ptr<StatusProgress> progress_;  // of who leads
};

Run::Run(const SearchRequest& request, const train::Rank& rank, const host::Task& task, const OnStore& on_store)
    : request_(request),
      task_(task),
      on_store_(on_store),
      rank_(rank),
      where_(request_.where.empty() ? Requirements{} : parse_requirements(request_.where)),
      first_(load_first(request_, task_)),
      chance_(chance_of(first_.set)),
      pictures_(first_.set, request_.nested),
      status_({name_of_score(), request_.objective, request_.trials, seconds_of(request_.total_time, "--total-time")}) {
  check_first();
  if (!rank_.leads()) return;
  open_folder();
  store_ = std::make_unique<Store>(folder_ / "search.sqlite", identity_of(request_, first_));
  if (on_store_) on_store_(folder_ / "search.sqlite");
}

// What can be told before anything is trained, and before there is a folder.
void Run::check_first() {
  const bool two = first_.set.labels.size() == 2;
  for (const Requirement& r : where_)
    if (r.figure == "auc" && !two)
      throw Error(
          Exit::usage,
          fmt::format("{}: there is an auc of two classes, and these are {}", print(r), first_.set.labels.size()),
          "--protocol smile makes two of them; acc is of any number");
  if (request_.training.session.test && data::rows_of(first_.set, data::Split::test).empty())
    throw Error(Exit::input, first_.set.name + " has no test pictures for --test");
  ir::Graph structure = first_.model.graph;
  structure.constants.clear();
  if (!std::isfinite(costs_.of(structure, request_.objective)))
    throw Error(Exit::model, fmt::format("{} has no {}", structure.name, request_.objective),
                "it has no integer form, or no kernels there");
  if (!is_design(request_)) return;
  const Space space(structure, design_options().space);
  if (!request_.training.session.resume.empty()) return;  // it was told when the search began
  if (const auto blocked = find_blocked(space, where_, cost_figure(), first_.training.recipe.seed, task_)) {
    if (blocked->requirements.size() == 1) throw refusal_of(*blocked);
    if (rank_.leads()) task_.progress().say(doubt_of(*blocked));
  }
}

void Run::open_folder() {
  const train::Session& session = request_.training.session;
  if (!session.resume.empty()) {
    folder_ = session.resume;
    host::remove_leftovers(folder_);
    keep_confirm_settings();
    return;
  }
  folder_ = host::make_run_folder("search", {session.runs, session.name});
  model::save_model((folder_ / "first.safetensors").string(), first_.model);
  host::write_atomic(folder_ / "args.toml", host::to_toml(request_));  // last: from here on it can be resumed
}

// As they are asked for on this call, so that the next one goes on with them.
void Run::keep_confirm_settings() const {
  SearchRequest kept;
  host::load_run_settings(kept, folder_.string(), "search", "a search");
  const auto settings = [](auto& request) {
    return std::tie(request.confirm, request.confirm_epochs, request.confirm_time);
  };
  if (settings(kept) == settings(request_)) return;
  settings(kept) = settings(request_);
  host::write_atomic(folder_ / "args.toml", host::to_toml(kept));
}

WalkOptions Run::walk_options() const {
  WalkOptions o;
  o.frontier = {request_.method == "recursive" ? Order::depth_first : Order::astar, request_.floor, request_.optimism};
  o.reductions = {.kinds = host::comma_separated(request_.kinds),
                  .shares = {0.75, 0.5},
                  .multiple = request_.multiple,
                  .smallest_input = request_.smallest_input};
  o.at_once = request_.at_once, o.chance = chance_, o.plain = request_.plain_floor;
  return o;
}

DesignOptions Run::design_options() const {
  return {.strategy = request_.strategy,
          .objective = request_.objective,
          .where = where_,
          .space = {host::comma_separated(request_.kinds), request_.multiple, 4, request_.smallest_input},
          .at_once = request_.at_once,
          .screen = request_.screen,
          .chance = chance_,
          .seed = first_.training.recipe.seed};
}

TrialsOptions Run::trials_options() {
  TrialsOptions o;
  o.folder = folder_;
  o.recipe = o.first_recipe = first_.training.recipe;
  if (first_.has_learned)
    o.first_recipe.epochs = 0;
  else
    o.first_recipe.epochs = request_.first_epochs, o.first_recipe.time = request_.first_time;
  o.session = first_.training.session;
  o.at_once = request_.at_once, o.median_stop = request_.median_stop;
  o.inherit = request_.inherit, o.inherit_only = request_.inherit_only;
  o.most_trials = request_.trials, o.most_seconds = seconds_of(request_.total_time, "--total-time");
  o.keeps_weights = [this](const TrialResult& result) {
    return is_design(request_) || quality_.of(result.score) >= request_.floor;
  };
  o.on_trial = [this](const Record& record, const ir::Graph& structure) {
    task_.progress().say(line_of(record, structure));
    hear(record, structure), progress_->trial_ended();
  };
  return o;
}

void Run::hear(const Record& record, const ir::Graph& structure) {
  const bool failed = !record.result.failure.empty();
  status_.hear(record.result, costs_.of(structure, request_.objective), failed ? Place{} : place_of(record, structure));
}

TrialsOptions Run::confirm_options() {
  TrialsOptions o;
  o.folder =
      folder_ / "confirmed" /
      (request_.confirm_time.empty() ? fmt::format("{}-epochs", request_.confirm_epochs) : request_.confirm_time);
  o.recipe = first_.training.recipe;
  o.recipe.epochs = request_.confirm_epochs, o.recipe.time = request_.confirm_time;
  o.session = first_.training.session;
  double& minutes = o.session.max_minutes;  // what is left of this session
  if (minutes > 0) minutes = std::max(1e-3, minutes - session_.seconds() / 60);
  o.at_once = request_.at_once, o.inherit = false;
  o.on_trial = [this](const Record& record, const ir::Graph&) {
    task_.progress().say(record.result.failure.empty()
                             ? fmt::format("in full  {} {:.4f}, as a trial {:.4f}", name_of_score(),
                                           record.result.score, store_->find(record.key)->result.score)
                             : fmt::format("in full  failed: {}", record.result.failure));
  };
  return o;
}

std::string Run::line_of(const Record& record, const ir::Graph& structure) {
  if (record.path.empty()) quality_ = {record.result.score, chance_, request_.plain_floor};
  const std::string what = what_was_done(record, is_design(request_));
  if (!record.result.failure.empty())
    return fmt::format("{:4}  failed: {}  ({})", record.id, record.result.failure, what);
  const double quality = quality_.of(record.result.score);
  const bool good = is_design(request_) ? missed(where_, figures_of(where_, structure, record, cost_figure())).empty()
                                        : quality >= request_.floor;
  return fmt::format("{:4}  {} {:.4f}  nested {}  quality {:.3f}{}  {} {}  {}", record.id, name_of_score(),
                     record.result.score, text_of(record.result.nested), quality, good ? " " : "-", request_.objective,
                     plot::short_number(costs_.of(structure, request_.objective)), what);
}

CostFigure Run::cost_figure() {
  return [this](const ir::Graph& structure, const std::string& figure) { return costs_.of(structure, figure); };
}

ir::Graph Run::structure_of(const Record& record) const {
  return follow_structure(first_.model.graph, parse_path(record.path));
}

NetworkReport Run::describe(const Record& record, const Trials& trials, bool test) {
  const ir::Graph structure = structure_of(record);
  const ir::Cost cost = ir::estimate_cost(structure);
  NetworkReport n{.key = record.key, .path = record.path};
  n.score = record.result.score, n.nested = record.result.nested, n.accuracy = record.result.accuracy;
  n.quality = quality_.of(n.score), n.parameters = cost.parameters, n.multiply_adds = cost.multiply_adds;
  n.cost = costs_.of(structure, request_.objective), n.layers = ir::print_layers(structure);
  const Figures figures = figures_of(where_, structure, record, cost_figure());
  for (const Requirement& r : where_) n.required.emplace_back(r.figure, figures.at(r.figure));
  for (const Requirement& r : missed(where_, figures))
    n.missed.push_back(fmt::format("{}, and it is {}", print(r), plot::short_number(figures.at(r.figure))));
  const std::optional<model::Model> model = trials.model_of(record.key);
  if (!model || !test) return n;
  const data::Dataset& set = pictures_.test_at(structure.input.shape.height);
  const Scores scores = *score_of(*model, set, data::Split::test, request_.training.session.threads, task_);
  n.test_score = scores.score, n.test_accuracy = scores.accuracy;
  return n;
}

// Of a walk the cheapest above the floor comes first; of a design what misses least, of equals the best score.
Place Run::place_of(const Record& record, const ir::Graph& structure) {
  const TrialResult& result = record.result;
  if (is_design(request_))
    return {total_miss(where_, figures_of(where_, structure, record, cost_figure())), -result.score};
  const bool stays = quality_.of(result.score) >= request_.floor;
  return {stays ? costs_.of(structure, request_.objective) : std::numeric_limits<double>::infinity(), 0};
}

void Run::add_front(SearchReport& report, const std::vector<TrialPoint>& trials_done, const Trials& trials) {
  std::vector<Point> points;
  for (const TrialPoint& p : trials_done) points.push_back({p.record.result.score, p.cost});
  for (const size_t i : front_of(points)) report.front.push_back(describe(trials_done[i].record, trials, false));
  report.hypervolume = hypervolume(points, {chance_, trials_done.front().cost});
}

SearchReport Run::report(const Trials& trials) {
  SearchReport report;
  report.folder = folder_.string(), report.objective = request_.objective, report.score = name_of_score();
  report.data = first_.set.name, report.data_sha256 = first_.set.sha256;
  report.finished = trials.finished();
  report.seconds = store_->seconds();
  std::vector<TrialPoint> points;
  std::vector<Place> places;
  std::vector<Figures> figures;
  for (const Record& r : store_->all()) {
    report.trials += r.done, report.failed += r.done && !r.result.failure.empty();
    if (!r.done || !r.result.failure.empty()) continue;
    const ir::Graph structure = structure_of(r);
    points.push_back({r, costs_.of(structure, request_.objective), quality_.of(r.result.score)});
    places.push_back(place_of(r, structure)), figures.push_back(figures_of(where_, structure, r, cost_figure()));
  }
  if (points.empty()) return report;
  const auto best_at = static_cast<size_t>(std::ranges::min_element(places) - places.begin());
  const Record& best = points[best_at].record;
  const bool test = request_.training.session.test && report.finished;  // once, at the end
  report.first = describe(points.front().record, trials, test), report.found = describe(best, trials, test);
  if (is_design(request_)) add_front(report, points, trials);
  report.requirements = findings_of(where_, figures);
  if (auto model = trials.model_of(best.key)) {
    model->metadata["searched"] = best.path;
    report.found.file = (folder_ / "found.safetensors").string();
    model::save_model(report.found.file, *model);
  }
  write_trials(folder_, report, points, is_design(request_) ? plot::kGap : request_.floor);
  return report;
}

void Run::confirm(SearchReport& report, Crew& crew) {
  const std::vector<Record> chosen =
      choose_to_confirm(store_->all(), static_cast<size_t>(request_.confirm), report.found.key);
  const TrialsOptions options = confirm_options();
  host::make_folder(options.folder);
  Store store(options.folder / "confirmed.sqlite", identity_of(request_, first_));
  if (on_store_) on_store_(options.folder / "confirmed.sqlite");
  const std::vector<Record> done = search::confirm(first_.model.graph, chosen, crew, store, options, task_);
  report.finished = done.size() == chosen.size();
  std::vector<double> short_scores, full_scores;
  for (size_t i = 0; i < done.size(); ++i) {
    const TrialResult& full = done[i].result;
    report.confirmed_failed += !full.failure.empty();
    if (!full.failure.empty()) continue;
    short_scores.push_back(chosen[i].result.score), full_scores.push_back(full.score);
    const std::string file = (options.folder / "nets" / (done[i].key + ".safetensors")).string();
    report.confirmed.push_back({done[i].key, done[i].path, file, short_scores.back(), full.score, full.nested,
                                costs_.of(structure_of(done[i]), request_.objective)});
  }
  std::ranges::stable_sort(report.confirmed, std::greater{}, &ConfirmedReport::full_score);
  if (report.finished) report.rank_correlation = metrics::rank_correlation(short_scores, full_scores);
}

void Run::keep_best(const SearchReport& report) const {
  std::set<std::string> keys{report.first.key, report.found.key};
  for (const NetworkReport& n : report.front) keys.insert(n.key);
  keep_weights_of(folder_ / "nets", keys);
}

// Its weights lie in again/, beside those of the search.
AgainReport Run::again() {
  const std::vector<Record> all = store_->all();
  const auto found = std::ranges::find(all, request_.again, &Record::id);
  if (found == all.end() || !found->done)
    throw Error(Exit::usage, fmt::format("{} has no trial {} that is done", folder_.string(), request_.again),
                fmt::format("{} were asked for", all.size()));
  const TrialsOptions options = trials_options();
  const std::unique_ptr<Crew> crew = make_crew(pictures_, options.session, rank_, task_);
  const Trials trials(first_.model.graph, *crew, *store_, options, task_);
  const Tried tried = trials.again(*found, pictures_);
  if (!tried.finished) throw Error(task_.cancel_exit(), "stopped", "nothing was begun that would be lost");
  AgainReport report{.folder = folder_.string(), .key = found->key, .path = found->path, .score = name_of_score()};
  report.id = found->id, report.failure = tried.result.failure;
  report.before = found->result.score, report.nested_before = found->result.nested;
  report.now = tried.result.score, report.nested_now = tried.result.nested;
  if (!report.failure.empty()) return report;
  const std::optional<model::Model> kept = trials.model_of(found->key);
  report.same_weights = kept && kept->graph.constants == tried.model.graph.constants;
  host::make_folder(folder_ / "again");
  report.file = (folder_ / "again" / fmt::format("{}.safetensors", found->id)).string();
  model::save_model(report.file, tried.model);
  return report;
}

SearchReport Run::run() {
  if (!rank_.leads()) {
    work_for_crew(pictures_, first_.training.session, rank_, task_);
    SearchReport report;
    report.leads = false;
    return report;
  }
  const std::optional<Record> known = store_->find(key_of(first_.model.graph));
  if (known && known->done && !known->result.failure.empty())
    store_->forget(known->key);  // nothing comes of it: perhaps there is more memory now
  else if (known && known->done)
    quality_ = {known->result.score, chance_, request_.plain_floor};
  for (const Record& r : store_->all())
    if (r.done) hear(r, structure_of(r));
  progress_ = std::make_unique<StatusProgress>(task_.progress(), status_, store_->seconds());
  const host::Task task(*progress_, task_.cancel());
  const TrialsOptions options = trials_options();
  const std::unique_ptr<Crew> crew = make_crew(pictures_, first_.training.session, rank_, task);
  Trials trials(first_.model.graph, *crew, *store_, options, task);
  if (is_design(request_)) {
    design(first_.model.graph, design_options(), cost_figure(), trials);
  } else {
    const CostOf cost = [this](const ir::Graph& structure) { return costs_.of(structure, request_.objective); };
    walk(first_.model.graph, walk_options(), cost, trials);
  }
  SearchReport done = report(trials);
  const auto write = [&] { host::write_atomic(folder_ / "search.json", host::to_json(done).dump(2) + "\n"); };
  const bool has_first = done.trials > done.failed;
  if (has_first && done.finished && request_.confirm > 0) {
    done.finished = false;
    write();  // found.safetensors is there already
    confirm(done, *crew);
  }
  if (has_first) write();
  if (has_first && done.finished && request_.keep == "best") keep_best(done);
  if (done.finished && done.trials > 2 && done.failed == done.trials - 1)
    throw Error(Exit::failed, fmt::format("every trial but the first failed: {}", store_->all().back().result.failure));
  return done;
}

}  // namespace

void check(const SearchRequest& request) {
  host::check_choice("method", request.method, {"astar", "recursive", "design"});
  host::check_choice("strategy", request.strategy, explorer_names());
  host::check_choice("keep", request.keep, {"all", "best"});
  if (is_design(request) == request.where.empty())
    throw Error(Exit::usage,
                is_design(request) ? "--method design needs to know what is required: --where"
                                   : "--where is for --method design",
                is_design(request) ? "for example --where 'acc >= 0.6 and macs < 5M'" : "a walk has a --floor");
  if (!request.where.empty()) parse_requirements(request.where);
  if (request.screen < 1) throw Error(Exit::usage, "--screen is at least 1");
  check_figure(request.objective, "--objective");
  if (!is_cost(request.objective))
    throw Error(Exit::usage, fmt::format("--objective {} is no cost", request.objective), "for example flops");
  if (!(request.floor > 0) || request.floor > 1) throw Error(Exit::usage, "--floor is a share, above 0 and at most 1");
  if (!(request.optimism >= 0) || request.optimism > 1) throw Error(Exit::usage, "--optimism is 0 to 1");
  const auto at_least = [](const char* flag, int value, int least) {
    if (value < least) throw Error(Exit::usage, fmt::format("--{} is at least {}", flag, least));
  };
  at_least("multiple", request.multiple, 1), at_least("smallest-input", request.smallest_input, 4);
  at_least("trials", request.trials, 0), at_least("confirm-epochs", request.confirm_epochs, 1);
  if (request.confirm < 0 || request.confirm == 1)
    throw Error(Exit::usage, "--confirm is 0 or at least 2: one network has no order");
  if (!request.inherit && request.inherit_only)
    throw Error(Exit::usage, "--inherit-only scores inherited weights, and --no-inherit leaves none");
  const train::Recipe& recipe = request.training.recipe;
  if (!request.training.paths.test_data.empty() || !request.training.data.test_protocol.empty())
    throw Error(Exit::usage, "--test-data and --test-protocol are for trainings",
                "--test is on the data's own test pictures; dimple val tests found.safetensors on others");
  if (!request.model.empty() &&
      (!recipe.init.empty() || recipe.width != 1 || recipe.reuse != "all" || recipe.batch_norms))
    throw Error(Exit::usage,
                "--init, --width, --reuse and --batch-norms are for --arch; a model file is taken as it is");
  if (request.median_stop && (recipe.epochs < 2 || !recipe.time.empty() || request.inherit_only))
    throw Error(Exit::usage, "--median-stop is for trials of several --epochs");
  if (!recipe.teacher.empty()) model::load_model(recipe.teacher);  // or every trial would fail
  if (request.again < 0 || (request.again > 0 && request.training.session.resume.empty()))
    throw Error(Exit::usage, "--again is the number of a trial of the search that --resume names");
  if (request.at_once < 1) throw Error(Exit::usage, "--at-once is at least 1");
  if (request.first_epochs < 1) throw Error(Exit::usage, "--first-epochs is at least 1");
  seconds_of(request.total_time, "--total-time"), seconds_of(request.first_time, "--first-time");
  seconds_of(request.confirm_time, "--confirm-time");
  for (const std::string& kind : host::comma_separated(request.kinds))
    host::check_choice("kinds", kind, edit::reduction_kinds());
  train::check(request.training.recipe), train::check(request.training.session);
  if (request.model.empty() && request.training.session.resume.empty())  // a resumed one has its own first network
    train::check_network(request.training.recipe);
}

namespace {

SearchRequest resumed(const SearchRequest& asked) {
  const std::string& folder = asked.training.session.resume;
  SearchRequest request;
  host::load_run_settings(request, folder, "search", "a search");
  if (!host::file_exists(fs::path(folder) / "first.safetensors"))  // another verb's settings are understood here too
    throw Error(Exit::usage, folder + " is not the folder of a search", "it has no first.safetensors");
  request.training.session.resume = folder;
  request.training.session.max_minutes = asked.training.session.max_minutes;
  if (!asked.total_time.empty()) request.total_time = asked.total_time;
  request.again = asked.again;
  if (asked.trials > 0) request.trials = asked.trials;
  if (asked.keep != SearchRequest{}.keep) request.keep = asked.keep;
  if (asked.confirm != 0) request.confirm = asked.confirm;
  if (asked.confirm_epochs != SearchRequest{}.confirm_epochs) request.confirm_epochs = asked.confirm_epochs;
  if (!asked.confirm_time.empty()) request.confirm_time = asked.confirm_time;
  train::Session& session = request.training.session;
  if (asked.training.session.test) session.test = true;
  if (asked.training.session.threads > 0) session.threads = asked.training.session.threads;
  const train::DataPaths& paths = asked.training.paths;
  if (!paths.data.empty()) request.training.paths.data = paths.data;
  if (!paths.votes.empty()) request.training.paths.votes = paths.votes;
  return request;
}

}  // namespace

SearchRequest::SearchRequest() {
  train::Recipe& recipe = training.recipe;
  recipe.optimiser = "adamw", recipe.learning_rate = 1e-3f, recipe.weight_decay = 0.01f;
  recipe.epochs = 1, recipe.warmup_epochs = 0.1f;
  recipe.vote_share = 0;
}

namespace {

SearchRequest prepared(const SearchRequest& request) {
  const bool goes_on = !request.training.session.resume.empty();
  SearchRequest asked = goes_on ? resumed(request) : request;
  if (!goes_on && asked.kinds.empty() && asked.model.empty())
    asked.kinds = zoo::edits_of(asked.training.recipe.arch);  // a model file's network gets all that its shape allows
  check(asked);
  // Fixed from here on: networks are the same when it is resumed by more threads, or by several processes.
  int& shares = asked.training.recipe.shares;
  if (shares == 0) shares = host::choose_threads(asked.training.session.threads);
  return asked;
}

}  // namespace

SearchReport search(const SearchRequest& request, const train::Rank& rank, const host::Task& task,
                    const OnStore& on_store) {
  return Run(prepared(request), rank, task, on_store).run();
}

AgainReport try_again(const SearchRequest& request, const host::Task& task) {
  return Run(prepared(request), train::Rank(), task, {}).again();
}

}  // namespace dimple::search
