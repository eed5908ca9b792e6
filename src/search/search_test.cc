#include "search/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <filesystem>
#include <set>

#include "data/cache.h"
#include "data/duplicates.h"
#include "host/csv.h"
#include "host/files.h"
#include "host/json.h"
#include "model/model.h"
#include "search/candidate.h"
#include "search/confirm.h"
#include "search/costs.h"
#include "search/pictures.h"
#include "search/store.h"
#include "search/trial.h"
#include "train/squares_testing.h"

namespace dimple::search {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

ir::Graph net_to_reduce(const data::Dataset& set) {
  ir::Builder g("squares", {set.height, set.width, 1});
  ir::Value x = g.relu(g.batch_norm(g.conv(g.input(), 16, {.kernel = 5, .stride = 2, .name = "one"})));
  x = g.relu(g.batch_norm(g.conv(x, 16, {.name = "two"})));
  x = g.relu(g.batch_norm(g.conv(g.max_pool(x), 16, {.name = "three"})));
  ir::Graph graph = g.finish(g.dense(g.flatten(x), static_cast<int>(set.labels.size()), "last"));
  ir::initialise(graph, 1);
  return graph;
}

class Search : public testing::Test {
 protected:
  Search() : folder_(fs::path(testing::TempDir()) / ("dimple-search-" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    data::Dataset set = train::squares(120);
    for (size_t i = 0; i < set.size(); i += 5) set.split[i] = data::Split::test;
    set.duplicate_of = data::find_duplicates(set);
    data::save_cache((folder_ / "squares.dimpledata").string(), set);
    train::Recipe recipe = train::small_recipe();
    recipe.epochs = 6;
    const auto trainer = train::make_trainer(net_to_reduce(set), set, recipe, train::small_session());
    train::run_all(*trainer);
    model::Model model{trainer->averaged(), set.labels, {.width = 16, .height = 16, .channels = 1}, {}};
    model.preprocess.normalise = image::Normalise::standardise;
    model::save_model((folder_ / "given.safetensors").string(), model);
  }
  ~Search() override { fs::remove_all(folder_); }

  SearchRequest request(const std::string& name) const {
    SearchRequest r;
    r.model = (folder_ / "given.safetensors").string();
    r.trials = 6, r.multiple = 4, r.floor = 0.6, r.smallest_input = 8;
    r.training.paths.data = (folder_ / "squares.dimpledata").string();
    r.training.session = train::small_session();
    r.training.session.runs = (folder_ / "runs").string(), r.training.session.name = name;
    r.training.recipe.epochs = 1, r.training.recipe.batch = 16, r.training.recipe.no_augment = true;
    return r;
  }

  template <class F>
  static std::string refusal_of(const F& asked, host::Exit exit) {
    try {
      asked();
      return "taken";
    } catch (const host::Error& e) {
      EXPECT_EQ(e.exit(), exit) << e.what();
      return e.what();
    }
  }
  static std::string refusal(const SearchRequest& r, host::Exit exit) {
    return refusal_of([&] { search(r, {}, {}); }, exit);
  }
  static std::string refusal_of_again(const SearchRequest& r, host::Exit exit) {
    return refusal_of([&] { try_again(r, {}); }, exit);
  }

  fs::path folder_;
};

TEST_F(Search, FindsASmallerNetworkAndLeavesIt) {
  SearchRequest r = request("one");
  r.training.session.test = true;
  const SearchReport report = search(r, {}, {});
  EXPECT_TRUE(report.finished);
  EXPECT_EQ(report.trials, 6);
  EXPECT_EQ(report.failed, 0);
  EXPECT_EQ(report.score, "accuracy");
  EXPECT_GT(report.first.score, 0.9);
  EXPECT_GE(report.found.quality, 0.6);
  EXPECT_LT(report.found.cost, report.first.cost);
  EXPECT_TRUE(report.found.test_score.has_value());
  const model::Model found = model::load_model(report.found.file);
  EXPECT_EQ(found.metadata.at("searched"), report.found.path);
  EXPECT_EQ(key_of(found.graph), report.found.key);
  EXPECT_EQ(2 * static_cast<double>(report.found.multiply_adds), report.found.cost);
  for (const char* file :
       {"args.toml", "search.sqlite", "search.json", "trials.csv", "search.svg", "first.safetensors"})
    EXPECT_TRUE(host::file_exists(fs::path(report.folder) / file)) << file;
}

// Stopped behind any trial, it makes the same decisions as one that was never stopped.
TEST_F(Search, GoesOnAsIfItHadNotBeenStopped) {
  const SearchReport whole = search(request("whole"), {}, {});
  SearchRequest r = request("parts");
  for (const int trials : {1, 2, 4, 6}) {
    r.trials = trials;
    const SearchReport part = search(r, {}, {});
    EXPECT_EQ(part.trials, trials);
    r = {};
    r.training.session.resume = part.folder;
  }
  const auto store = [](const fs::path& folder) {  // all but how long it took
    std::vector<host::CsvRow> rows = host::parse_csv(host::read_text(folder / "trials.csv"), "trials.csv");
    const auto seconds = std::ranges::find(rows[0], "seconds") - rows[0].begin();
    for (host::CsvRow& row : rows) row[static_cast<size_t>(seconds)].clear();
    return rows;
  };
  EXPECT_EQ(store(whole.folder), store(folder_ / "runs" / "search" / "parts"));
}

TEST_F(Search, DesignsWhatIsRequired) {
  SearchRequest r = request("design");
  r.method = "design", r.where = "acc >= 0.5 and macs < 100k and int8_kb < 20", r.trials = 8;
  const SearchReport report = search(r, {}, {});
  EXPECT_EQ(report.trials, 8);
  EXPECT_THAT(report.found.missed, testing::IsEmpty());
  EXPECT_LT(report.found.multiply_adds, 100000);
  EXPECT_EQ(report.found.required.size(), 3u);
  ASSERT_EQ(report.requirements.size(), 3u);
  EXPECT_GE(report.requirements[0].met_by, 1);
  EXPECT_LE(report.requirements[2].met_by, 8);
  EXPECT_GE(report.front.size(), 1u);
  EXPECT_GT(report.hypervolume, 0);
  EXPECT_THAT(report.found.layers, HasSubstr("conv2d"));
}

TEST_F(Search, KeepsWeightsOfTheBestAloneWhereItShall) {
  SearchRequest r = request("keep");
  const auto nets_of = [](const SearchReport& report) {
    std::set<std::string> keys;
    for (const auto& file : fs::directory_iterator(fs::path(report.folder) / "nets"))
      keys.insert(file.path().stem().string());
    return keys;
  };
  const SearchReport all = search(r, {}, {});
  EXPECT_GT(nets_of(all).size(), 2u);
  r = {};
  r.training.session.resume = all.folder, r.keep = "best";
  const SearchReport best = search(r, {}, {});
  EXPECT_EQ(nets_of(best), (std::set{best.first.key, best.found.key}));
  r.trials = 8;  // what inherited from others now begins with the first network's weights
  EXPECT_EQ(search(r, {}, {}).trials, 8);
}

// What is cut and settled is better than what is only cut.
TEST_F(Search, ScoresWhatIsInheritedWithoutTraining) {
  SearchRequest r = request("inherit");
  r.inherit_only = true, r.floor = 0.2;
  const SearchReport report = search(r, {}, {});
  EXPECT_EQ(report.trials, 6);
  EXPECT_EQ(report.failed, 0);
  EXPECT_LT(report.found.cost, report.first.cost);
}

// Mean score of all but the first network.
double mean_score(const SearchReport& report) {
  const auto rows = host::parse_csv(host::read_text(fs::path(report.folder) / "trials.csv"), "trials.csv");
  const auto score = static_cast<size_t>(std::ranges::find(rows[0], "score") - rows[0].begin());
  double sum = 0;
  for (size_t i = 2; i < rows.size(); ++i) sum += std::stod(rows[i][score]);
  return sum / static_cast<double>(rows.size() - 2);
}

TEST_F(Search, BeginsWithRandomWeightsWhereItInheritsNone) {
  SearchRequest r = request("nothing");
  r.floor = 0.05, r.trials = 5, r.training.recipe.learning_rate = 1e-9f;
  const SearchReport inherits = search(r, {}, {});
  r.training.session.name = "random", r.inherit = false;
  const SearchReport random = search(r, {}, {});
  EXPECT_EQ(random.first.score, inherits.first.score);
  EXPECT_LT(mean_score(random), 0.6);  // what is never learned is chance: a third
  EXPECT_GT(mean_score(inherits), mean_score(random));
  r.inherit_only = true;
  EXPECT_THAT(refusal(r, host::Exit::usage), HasSubstr("--no-inherit leaves none"));
}

// Ctrl-C behind the first training in full.
struct StopsInFull : host::Progress, host::Cancel {
  void say(std::string_view line) override {
    if (line.starts_with("in full")) came = SIGINT;
  }
  int signal() const override { return came; }
  std::atomic<int> came = 0;
};

TEST_F(Search, TrainsSomeInFullAndSaysWhetherTheirOrderHolds) {
  SearchRequest r = request("confirm");
  r.method = "design", r.where = "macs < 1M", r.trials = 8;
  r.confirm = 4, r.confirm_epochs = 6;
  StopsInFull stops;
  const SearchReport stopped = search(r, {}, {stops, stops});
  EXPECT_FALSE(stopped.finished);
  ASSERT_EQ(stopped.confirmed.size(), 1u);
  EXPECT_FALSE(stopped.rank_correlation.has_value());
  const auto written = fs::last_write_time(stopped.confirmed[0].file);
  r = {};
  r.training.session.resume = stopped.folder;  // it knows what it was asked for
  const SearchReport report = search(r, {}, {});
  EXPECT_TRUE(report.finished);
  EXPECT_EQ(report.trials, 8);
  ASSERT_EQ(report.confirmed.size(), 4u);
  EXPECT_EQ(report.confirmed_failed, 0);
  EXPECT_EQ(fs::last_write_time(stopped.confirmed[0].file), written);  // not trained twice
  EXPECT_LE(std::abs(report.rank_correlation.value_or(0)), 1);
  for (size_t i = 0; i < 4; ++i) {
    const ConfirmedReport& n = report.confirmed[i];
    EXPECT_LE(n.full_score, report.confirmed[i == 0 ? 0 : i - 1].full_score);
    EXPECT_TRUE(n.full_nested.has_value());
    EXPECT_EQ(key_of(model::load_model(n.file).graph), n.key);
  }
  // Longer ones stand beside, and are what the next call goes on with.
  r.confirm = 2, r.confirm_epochs = 7;
  EXPECT_EQ(search(r, {}, {}).confirmed.size(), 2u);
  EXPECT_TRUE(fs::exists(stopped.confirmed[0].file));
  r.confirm = 0, r.confirm_epochs = SearchRequest{}.confirm_epochs;
  const SearchReport again = search(r, {}, {});
  ASSERT_EQ(again.confirmed.size(), 2u);
  EXPECT_THAT(again.confirmed[0].file, HasSubstr("7-epochs"));
  r.confirm = -1;
  EXPECT_THAT(refusal(r, host::Exit::usage), HasSubstr("--confirm is 0 or at least 2"));
}

// The file that it began with may be gone: it has its own copy.
TEST_F(Search, GoesOnWithoutTheFileOfItsArchitecture) {
  SearchRequest r = request("own");
  r.training.recipe.arch = r.model, r.model.clear();
  r.trials = 2, r.first_epochs = 1;
  const SearchReport report = search(r, {}, {});
  fs::remove(folder_ / "given.safetensors");
  r = {};
  r.training.session.resume = report.folder, r.trials = 3;
  EXPECT_EQ(search(r, {}, {}).trials, 3);
}

TEST(SearchConfirm, TakesTheBestTheWorstAndWhatIsBetween) {
  std::vector<Record> records{{1, "first", "", "", true, {.score = 0.99}}};
  for (int i = 0; i < 21; ++i)
    records.push_back({i + 2, std::to_string(i), "", "narrow one 8\n", true, {.score = 0.01 * (i + 1)}});
  records.push_back({30, "failed", "", "narrow one 8\n", true, {.failure = "no"}});
  records.push_back({31, "open", "", "narrow one 8\n", false, {}});
  const auto keys = [&](size_t count, const std::string& key) {
    std::vector<std::string> chosen;
    for (const Record& r : choose_to_confirm(records, count, key)) chosen.push_back(r.key);
    return chosen;
  };
  EXPECT_THAT(keys(5, "20"), testing::ElementsAre("20", "15", "10", "5", "0"));
  EXPECT_THAT(keys(5, "14"), testing::ElementsAre("20", "14", "10", "5", "0"));
  EXPECT_THAT(keys(2, "9"), testing::ElementsAre("20", "9"));
  EXPECT_EQ(keys(40, "9").size(), 21u);
}

TEST_F(Search, SettlesBatchNormsOnWhatTheySee) {
  const model::Model given = model::load_model((folder_ / "given.safetensors").string());
  data::Dataset set = data::load_cache((folder_ / "squares.dimpledata").string());
  ir::Graph cut = follow(given.graph, parse_path("narrow one 8\n"), 1);
  train::Recipe recipe = request("x").training.recipe;
  const ir::Graph after = settled(cut, set, recipe);
  EXPECT_EQ(after.nodes, cut.nodes);
  int moved = 0;
  for (const auto& [name, tensor] : cut.constants) moved += after.constants.at(name) != tensor;
  EXPECT_GT(moved, 0);
  EXPECT_EQ(after.constants.at("two.weight"), cut.constants.at("two.weight"));
  // Settled again it stays where it is.
  const ir::Graph again = settled(after, set, recipe);
  for (const auto& [name, tensor] : after.constants)
    for (size_t i = 0; i < tensor.as<float>().size(); ++i)
      EXPECT_NEAR(again.constants.at(name).as<float>()[i], tensor.as<float>()[i], 1e-4) << name;
}

TEST_F(Search, EndsTrialsThatAreWorseThanMost) {
  SearchRequest r = request("median");
  r.median_stop = true, r.trials = 16, r.training.recipe.epochs = 3, r.floor = 0.01;
  const SearchReport report = search(r, {}, {});
  const auto rows = host::parse_csv(host::read_text(fs::path(report.folder) / "trials.csv"), "trials.csv");
  const auto epochs = static_cast<size_t>(std::ranges::find(rows[0], "epochs") - rows[0].begin());
  int whole = 0, ended = 0;
  for (const host::CsvRow& row : rows) whole += row[epochs] == "3", ended += row[epochs] == "1" || row[epochs] == "2";
  EXPECT_GT(whole, 5);
  EXPECT_GT(ended, 0);
}

TEST_F(Search, EveryTrialCanBeDoneOnceMore) {
  const SearchReport whole = search(request("again"), {}, {});
  SearchRequest r;
  r.training.session.resume = whole.folder;
  for (const int id : {1, 2, 5}) {
    SCOPED_TRACE(id);
    r.again = id;
    const AgainReport again = try_again(r, {});
    EXPECT_EQ(again.now, again.before);
    EXPECT_EQ(again.nested_now, again.nested_before);
    EXPECT_TRUE(again.same_weights);
    EXPECT_TRUE(host::file_exists(again.file));
  }
  SearchRequest resumed;
  resumed.training.session.resume = whole.folder;
  EXPECT_EQ(search(resumed, {}, {}).trials, whole.trials);
  r.again = 99;
  EXPECT_THAT(refusal_of_again(r, host::Exit::usage), HasSubstr("has no trial 99 that is done"));
  fs::remove_all(fs::path(whole.folder) / "nets");
  r.again = 2;
  EXPECT_THAT(refusal_of_again(r, host::Exit::input), HasSubstr("trial 2 began with weights that are gone"));
  r.training.session.resume.clear();
  EXPECT_THAT(refusal(r, host::Exit::usage), HasSubstr("--again is the number of a trial"));
}

TEST_F(Search, SaysWhichRequirementBlocks) {
  SearchRequest r = request("blocked");
  r.method = "design", r.where = "acc >= 0.3 and macs < 10", r.trials = 4;
  EXPECT_THAT(refusal(r, host::Exit::gate), HasSubstr("no network of this prototype meets macs < 10: the nearest has"));
  EXPECT_FALSE(host::file_exists(folder_ / "runs" / "search" / "blocked"));
  r.where = "acc >= 1 and macs < 100k";
  EXPECT_THAT(search(r, {}, {}).found.missed, testing::ElementsAre(HasSubstr("acc >= 1, and it is")));
}

// A kill between the first network's weights and its result: it is not trained twice.
TEST_F(Search, TheFirstNetworkBeginsAsItBeganBefore) {
  SearchRequest r = request("twice");
  r.model.clear(), r.training.recipe.arch = "embedded3", r.first_epochs = 2, r.trials = 1;
  const SearchReport whole = search(r, {}, {});
  const fs::path nets = fs::path(whole.folder) / "nets" / (whole.first.key + ".safetensors");
  const std::vector<uint8_t> weights = host::read_file(nets);
  fs::remove(fs::path(whole.folder) / "search.sqlite");
  r = {}, r.training.session.resume = whole.folder;
  EXPECT_EQ(search(r, {}, {}).first.score, whole.first.score);
  EXPECT_TRUE(host::read_file(nets) == weights);
}

// The folder of a training has settings that a search knows as well.
TEST_F(Search, IsNotBegunInAnotherVerbsFolder) {
  fs::create_directories(folder_ / "train");
  host::write_atomic(folder_ / "train" / "args.toml", std::string("epochs = 3\n"));
  SearchRequest r;
  r.training.session.resume = (folder_ / "train").string();
  EXPECT_THAT(refusal(r, host::Exit::usage), HasSubstr("is not the folder of a search"));
  EXPECT_FALSE(host::file_exists(folder_ / "train" / "search.sqlite"));
}

TEST_F(Search, ManyDesignsAtOnce) {
  SearchRequest r = request("many");
  r.method = "design", r.where = "macs < 200k", r.trials = 22, r.at_once = 20, r.inherit_only = true;
  EXPECT_EQ(search(r, {}, {}).trials, 22);
}

TEST_F(Search, TheFirstNetworkIsTrainedWhereNoFileGivesItsWeights) {
  SearchRequest r = request("trained");
  r.model.clear(), r.training.recipe.arch = "embedded3", r.first_epochs = 3, r.trials = 2;
  const SearchReport report = search(r, {}, {});
  EXPECT_EQ(report.trials, 2);
  EXPECT_GT(report.first.score, 1.0 / 3);
}

TEST_F(Search, HasNothingToDoWithoutTimeForATrial) {
  SearchRequest r = request("none");
  r.training.session.max_minutes = 1e-9;
  const SearchReport report = search(r, {}, {});
  EXPECT_FALSE(report.finished);
  EXPECT_EQ(report.trials, 0);
}

TEST_F(Search, SaysWhatItCannotDo) {
  SearchRequest r = request("bad");
  r.method = "astra";
  EXPECT_THAT(refusal(r, host::Exit::usage), HasSubstr("astra"));
  r = request("bad"), r.objective = "acc";
  EXPECT_THAT(refusal(r, host::Exit::usage), HasSubstr("--objective acc is no cost"));
  r = request("bad"), r.objective = "est_ms@nosuch";
  EXPECT_THAT(refusal(r, host::Exit::usage), HasSubstr("nosuch"));
  r = request("bad"), r.floor = 1.5;
  EXPECT_THAT(refusal(r, host::Exit::usage), HasSubstr("--floor"));
  r = request("bad"), r.keep = "few";
  EXPECT_THAT(refusal(r, host::Exit::usage), HasSubstr("few"));
  r = request("bad"), r.kinds = "narow";
  EXPECT_THAT(refusal(r, host::Exit::usage), HasSubstr("narow"));
  r = request("bad"), r.method = "design";
  EXPECT_THAT(refusal(r, host::Exit::usage), HasSubstr("needs to know what is required"));
  r.where = "acc > 0.5 and acc < 0.4";
  EXPECT_THAT(refusal(r, host::Exit::usage), HasSubstr("no number meets both"));
  r = request("bad"), r.where = "acc > 0.5";
  EXPECT_THAT(refusal(r, host::Exit::usage), HasSubstr("--where is for --method design"));
  r = request("bad"), r.nested = 0.9;
  EXPECT_THAT(refusal(r, host::Exit::usage), HasSubstr("--nested"));
  r = request("bad"), r.multiple = 0;
  EXPECT_THAT(refusal(r, host::Exit::usage), HasSubstr("--multiple is at least 1"));
  r = request("bad"), r.trials = -1;
  EXPECT_THAT(refusal(r, host::Exit::usage), HasSubstr("--trials is at least 0"));
  r = request("bad"), r.median_stop = true;
  EXPECT_THAT(refusal(r, host::Exit::usage), HasSubstr("--median-stop is for trials of several --epochs"));
  r = request("bad"), r.training.recipe.teacher = "nosuch.safetensors";
  EXPECT_THAT(refusal(r, host::Exit::model), HasSubstr("nosuch.safetensors"));
  r = request("bad"), r.training.paths.test_data = "other.csv";
  EXPECT_THAT(refusal(r, host::Exit::usage), HasSubstr("--test-data"));
  r = request("bad"), r.method = "design", r.where = "auc >= 0.5";
  EXPECT_THAT(refusal(r, host::Exit::usage), HasSubstr("there is an auc of two classes, and these are 3"));
  r.where = "acc >= 0.5 and int8_kb < 1000 and macs < 100";
  EXPECT_THAT(refusal(r, host::Exit::gate),
              HasSubstr("no network of this prototype meets macs < 100: the nearest has"));
  r = request("bad"), r.training.session.resume = folder_.string();
  EXPECT_THAT(refusal(r, host::Exit::usage), HasSubstr("is not the folder of a search"));
  EXPECT_FALSE(host::file_exists(folder_ / "runs"));
}

TEST_F(Search, ATrialThatDivergesIsRecordedAndTheSearchGoesOn) {
  SearchRequest r = request("diverges");
  r.training.recipe.learning_rate = 1e30f, r.training.recipe.clip = 0, r.training.recipe.explosion = 0;
  r.training.recipe.rollback_after = 0, r.training.recipe.optimiser = "sgd";
  EXPECT_THAT(refusal(r, host::Exit::failed), HasSubstr("every trial but the first failed: squares"));
  const fs::path folder = folder_ / "runs" / "search" / "diverges";
  const host::Json report = host::parse_json(host::read_text(folder / "search.json"), "search.json");
  EXPECT_EQ(report["trials"], 6);
  EXPECT_EQ(report["failed"], 5);
  EXPECT_EQ(report["found"]["key"], report["first"]["key"]);
}

TEST(SearchPictures, HoldPeopleBackWhole) {
  data::Dataset set = train::squares(240);
  for (size_t i = 0; i < set.size(); ++i) set.subject.push_back("person " + std::to_string(i / 8));
  set.duplicate_of = data::find_duplicates(set);
  Pictures pictures(set, 0.2);
  const data::Dataset& at = pictures.at(16);
  std::map<std::string, std::set<data::Split>> where;
  for (size_t i = 0; i < at.size(); ++i)
    if (at.split[i] != data::Split::validation) where[at.subject[i]].insert(at.split[i]);
  for (const auto& [person, splits] : where) EXPECT_EQ(splits.size(), 1u) << person;
  const auto held = static_cast<double>(data::rows_of(at, data::Split::test).size());
  EXPECT_NEAR(held / static_cast<double>(data::rows_of(set, data::Split::train).size()), 0.2, 0.05);
  EXPECT_EQ(pictures.at(8).height, 8);
  EXPECT_THROW(Pictures(data::select_rows(set, std::vector<int32_t>{0, 1, 2, 3, 4, 5}), 0.5),
               host::Error);  // one person
  EXPECT_EQ(data::rows_of(pictures.at(8), data::Split::validation), data::rows_of(at, data::Split::validation));
}

TEST(SearchCosts, AreThoseOfTheNetworkOnceItIsInteger) {
  const ir::Graph graph = net_to_reduce(train::squares(6));
  Costs costs;
  const double macs = costs.of(graph, "macs");
  EXPECT_EQ(costs.of(graph, "flops"), 2 * macs);
  EXPECT_GT(costs.of(graph, "float_kb"), costs.of(graph, "int8_kb"));
  EXPECT_GT(costs.of(graph, "ram_kb"), 0.5);
  const double ms = costs.of(graph, "est_ms@moto-g6");
  EXPECT_GT(ms, 0.01);
  const ir::Graph narrow = follow_structure(graph, parse_path("narrow two 8\n"));
  EXPECT_LT(costs.of(narrow, "est_ms@moto-g6"), ms);
  EXPECT_LT(costs.of(narrow, "int8_kb"), costs.of(graph, "int8_kb"));
}

}  // namespace
}  // namespace dimple::search
