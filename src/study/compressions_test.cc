#include "study/compressions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>

#include "data/cache.h"
#include "data/duplicates.h"
#include "host/files.h"
#include "host/sha256.h"
#include "study/compression_recipe.h"
#include "study/compression_table.h"
#include "study/table.h"
#include "train/squares_testing.h"

namespace dimple::study {
namespace {

namespace fs = std::filesystem;
using host::Json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kCells = R"(
title = "Two nets, made smaller"
[base]
epochs = 3
teacher = "parent"
[parent]
epochs = 2
[[cells]]
arch = ["ds48", "embedded3"]
[[cells.method]]
name = "float"
[[cells.method]]
name = "int8 ptq"
quantise = "ptq"
[[cells]]
arch = ["embedded3"]
[[cells.method]]
name = "2 of 4"
prune = "2:4"
)";

CompressionStudy parsed(const std::string& text, const Json& asked = Json::object()) {
  return parse_compressions(host::parse_toml(text, "c.toml"), "c.toml", asked);
}

// The cells' folder of a study whose parents are a few bytes, and whose compressions take no time.
class Compressions : public testing::Test {
 protected:
  Compressions() : folder_(fs::path(testing::TempDir()) / ("dimple-compressions-" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    write_recipe(kCells);
    tools_.train = [this](const Member& m) -> TrainedMember {
      ++trained_[m.name];
      if (m.name == untrainable_) throw host::Error(host::Exit::failed, "it does not learn");
      if (m.name == stops_) return {"", {{"unfinished", true}}};
      const fs::path weights = folder_ / "runs" / "c" / "parents" / "train" / m.name / "weights";
      fs::create_directories(weights);
      host::write_atomic(weights / "best.safetensors", m.name + training_);
      return {weights.parent_path().string(), {{"figures", {{"accuracy", 0.6}}}}};
    };
    tools_.compress = [this](const compress::CompressRequest& r) {
      asked_.push_back(r);
      const std::string arch = r.training.recipe.arch;
      compressed_.push_back(arch + " " + r.methods.quantise + r.methods.prune);
      if (compressed_.back() == interrupted_) {
        cancel_.came = SIGINT;
        throw host::Error(host::Exit::interrupted, "interrupted");
      }
      if (compressed_.back() == fails_) throw host::Error(host::Exit::model, "it does not fit");
      compress::CompressReport report;
      report.finished = compressed_.back() != stops_;
      compress::StageReport stage;
      stage.measurement.tested = true, stage.measurement.accuracy = 0.625, stage.measurement.weight_bytes = 4000;
      report.stages = {stage, stage};
      report.stages[1].measurement.accuracy = 0.6, report.stages[1].measurement.weight_bytes = 1000;
      if (compress::asks_nothing(r.methods)) report.stages.pop_back();
      return report;
    };
  }
  ~Compressions() override { fs::remove_all(folder_); }

  void write_recipe(const std::string& text) const { host::write_atomic(folder_ / "c.toml", text); }

  StudyReport run(const std::string& only = {}, bool table = false) {
    trained_.clear(), compressed_.clear(), asked_.clear();
    compress::CompressRequest compression;
    compression.training.session.runs = (folder_ / "runs").string();
    compression.training.paths.data = "/elsewhere/my faces.csv";
    return compress_study({(folder_ / "c.toml").string(), (folder_ / "out").string(), only, table}, compression,
                          {"runs", "data"}, {progress_, cancel_}, tools_);
  }

  Json cell(const std::string& name) const {
    const fs::path file = folder_ / "out" / (name + ".json");
    return host::parse_json(host::read_text(file), file.string());
  }
  fs::path parent_of(const std::string& arch) const {
    return folder_ / "runs" / "c" / "parents" / "train" / arch / "weights" / "best.safetensors";
  }

  struct Stop : host::Cancel {
    int signal() const override { return came; }
    int came = 0;
  };

  fs::path folder_;
  CompressionTools tools_;
  host::NoProgress progress_;
  Stop cancel_;
  std::map<std::string, int> trained_;
  std::vector<std::string> compressed_;
  std::vector<compress::CompressRequest> asked_;
  std::string training_, untrainable_, fails_, stops_, interrupted_;
};

TEST_F(Compressions, TrainAParentOnceForAllItsCells) {
  const StudyReport report = run();
  EXPECT_TRUE(report.finished);
  EXPECT_THAT(compressed_, ElementsAre("ds48 ", "ds48 ptq", "embedded3 ", "embedded3 ptq", "embedded3 2:4"));
  EXPECT_EQ(trained_, (std::map<std::string, int>{{"ds48", 1}, {"embedded3", 1}}));
  for (const compress::CompressRequest& r : asked_) {
    EXPECT_EQ(r.model, parent_of(r.training.recipe.arch));
    EXPECT_EQ(r.training.recipe.teacher, r.model);
    EXPECT_EQ(r.training.recipe.epochs, 3);
    EXPECT_TRUE(r.training.session.test);
  }
  const Json parent = cell("arch=ds48,method=int8-ptq")["parent"];
  EXPECT_EQ(parent["sha256"], host::sha256(std::string_view("ds48")));
  EXPECT_EQ(parent["figures"]["accuracy"], 0.625);
  EXPECT_EQ(parent["settings"]["epochs"], 2);
}

TEST_F(Compressions, GoOnFromTheCellsThatAreThere) {
  stops_ = "embedded3 ptq";
  EXPECT_FALSE(run().finished);
  EXPECT_EQ(compressed_.size(), 4u);
  stops_.clear();
  EXPECT_TRUE(run().finished);
  EXPECT_THAT(compressed_, ElementsAre("embedded3 ptq", "embedded3 2:4"));
  EXPECT_TRUE(trained_.empty());
  run();
  EXPECT_TRUE(compressed_.empty());
}

TEST_F(Compressions, CtrlCWithinACellIsNoFailureOfIt) {
  interrupted_ = "embedded3 ptq";
  const StudyReport report = run();
  EXPECT_FALSE(report.finished);
  EXPECT_EQ(report.failed, 0);
  EXPECT_TRUE(fs::exists(folder_ / "out" / "arch=embedded3,method=float.json"));
  EXPECT_FALSE(fs::exists(folder_ / "out" / "arch=embedded3,method=int8-ptq.json"));
}

TEST_F(Compressions, AStoppedTrainingOfAParentIsGoneOnWithFirst) {
  stops_ = "embedded3";
  EXPECT_FALSE(run().finished);
  EXPECT_THAT(compressed_, ElementsAre("ds48 ", "ds48 ptq"));
  stops_.clear();
  EXPECT_TRUE(run().finished);
  EXPECT_EQ(trained_, (std::map<std::string, int>{{"embedded3", 1}}));
}

TEST_F(Compressions, AnotherParentMakesItsCellsAnewAndNoOthers) {
  run();
  host::write_atomic(parent_of("embedded3"), "another");
  EXPECT_THAT(run("", true).table, HasSubstr("| embedded3 | float |  |")) << "nothing of it is shown";
  run();
  EXPECT_THAT(compressed_, ElementsAre("embedded3 ", "embedded3 ptq", "embedded3 2:4"));
  EXPECT_TRUE(trained_.empty());
  EXPECT_EQ(cell("arch=embedded3,method=float")["parent"]["sha256"], host::sha256(std::string_view("another")));
}

TEST_F(Compressions, ParentsOfOtherSettingsAreTrainedAnew) {
  run();
  std::string text = kCells;
  write_recipe(text.replace(text.find("epochs = 2"), 10, "epochs = 5"));
  training_ = " longer";
  run();
  EXPECT_EQ(compressed_.size(), 5u);
  EXPECT_EQ(trained_.size(), 2u);
}

// Results may stand in a folder whose parents are on another machine.
TEST_F(Compressions, WithoutParentsNothingIsDoneUntilACellIsMissing) {
  run();
  fs::remove_all(folder_ / "runs");
  training_ = " again";
  EXPECT_TRUE(run().finished);
  EXPECT_TRUE(compressed_.empty() && trained_.empty());
  fs::remove(folder_ / "out" / "arch=embedded3,method=2-of-4.json");
  run();
  EXPECT_EQ(trained_, (std::map<std::string, int>{{"embedded3", 1}}));
  EXPECT_THAT(compressed_, ElementsAre("embedded3 2:4", "embedded3 ", "embedded3 ptq"));
}

// Of one parent for each architecture, also where only some of the cells are made anew.
TEST_F(Compressions, ATableNeverMixesParents) {
  run();
  host::write_atomic(parent_of("embedded3"), "another");
  const std::string table = run("embedded3,method=float").table;
  EXPECT_THAT(compressed_, ElementsAre("embedded3 "));
  EXPECT_THAT(table, HasSubstr("| embedded3 | float | 0.625 |"));
  EXPECT_THAT(table, HasSubstr("| embedded3 | int8-ptq |  |"));
  EXPECT_THAT(table, HasSubstr("| ds48 | int8-ptq | 0.600 |"));
}

TEST_F(Compressions, GivenParentsAreNotTrained) {
  host::write_atomic(folder_ / "given", "weights");
  write_recipe(kCells + ("[parent.files]\nds48 = \"" + (folder_ / "given").string()) + "\"\n");
  run();
  EXPECT_EQ(trained_, (std::map<std::string, int>{{"embedded3", 1}}));
  EXPECT_EQ(asked_[0].model, folder_ / "given");
  host::write_atomic(folder_ / "given", "other weights");
  run();
  EXPECT_THAT(compressed_, ElementsAre("ds48 ", "ds48 ptq"));
  fs::remove(folder_ / "given");
  EXPECT_THROW(run(), host::Error);
}

TEST_F(Compressions, AFailureIsARowWithItsReasonAndIsTriedAgain) {
  fails_ = "embedded3 ptq", untrainable_ = "ds48";
  const StudyReport report = run();
  EXPECT_TRUE(report.finished);
  EXPECT_EQ(report.failed, 3);
  EXPECT_EQ(trained_["ds48"], 1) << "not once for each cell";
  EXPECT_THAT(report.table, HasSubstr("arch=embedded3,method=int8-ptq: it does not fit"));
  EXPECT_THAT(report.table, HasSubstr("arch=ds48,method=float: its parent cannot be trained: it does not learn"));
  fails_.clear(), untrainable_.clear();
  EXPECT_THAT(run().table, Not(HasSubstr("Failed")));
  EXPECT_EQ(compressed_.size(), 3u);
}

TEST_F(Compressions, CellsOfOtherSettingsAreNotMixedIn) {
  run();
  std::string text = kCells;
  write_recipe(text.replace(text.find("epochs = 3"), 10, "epochs = 4"));
  EXPECT_THROW(run(), host::Error);
}

TEST_F(Compressions, TheTableHasAccuracyBesideWhatItTakes) {
  run();
  const std::string table = host::read_text(page_of(folder_ / "out"));
  EXPECT_THAT(table, HasSubstr("| arch | method | accuracy | accuracy, deduplicated | balanced accuracy | F1, macro | "
                               "points to parent | weight bytes |"));
  EXPECT_THAT(table, HasSubstr("| ds48 | float | 0.625 | 0.000 | 0.000 | 0.000 | +0.0 | 4000 |"));
  EXPECT_THAT(table, HasSubstr("| ds48 | int8-ptq | 0.600 | 0.000 | 0.000 | 0.000 | -2.5 | 1000 |"));
}

TEST_F(Compressions, ACellNamesTheCommandThatMakesItAgain) {
  run();
  EXPECT_EQ(cell("arch=ds48,method=float")["command"],
            "dimple val 'my faces.csv' --model " + parent_of("ds48").string());
  EXPECT_EQ(cell("arch=embedded3,method=2-of-4")["command"],
            "dimple compress " + parent_of("embedded3").string() + " --prune 2:4 --data 'my faces.csv' --test " +
                "--epochs 3 --teacher " + parent_of("embedded3").string());
}

TEST_F(Compressions, AreNotForOneModelOrOneRunFolder) {
  compress::CompressRequest compression;
  compression.model = "dimple-nano";
  EXPECT_THROW(compress_study({(folder_ / "c.toml").string()}, compression, {}, {}, tools_), host::Error);
  compression.model.clear(), compression.training.session.resume = "runs/compress/1";
  EXPECT_THROW(compress_study({(folder_ / "c.toml").string()}, compression, {}, {}, tools_), host::Error);
}

TEST(CompressionRecipe, MistakesAreSaid) {
  const std::string cells = "[[cells]]\narch = [\"ds48\"]\n", method = "[[cells.method]]\nname = \"a\"\n";
  const std::pair<std::string, const char*> wrong[] = {
      {"", "there are no [[cells]]"},
      {"[axes]\narch = \"all\"\n", "there are no [[cells]]"},
      {cells + "[axes]\narch = \"all\"\n", "not under [axes]"},
      {"bse = 1\n" + cells, "a study has no `bse`"},
      {"cells = 3\n", "cells is no list"},
      {"parent = 3\n" + cells, "parent is no table of settings"},
      {"cell_time = \"soon\"\n" + cells, "cell_time"},
      {"columns = [\"speed\"]\n" + cells, "no cell measures speed"},
      {"[[cells]]\nquantise = [\"ptq\"]\n", "no axis arch"},
      {"[[cells]]\narch = [\"ds49\"]\n", "there is no architecture ds49"},
      {cells + cells, "the cell arch=ds48 is there twice"},
      {cells + "[[cells]]\narch = [\"embedded3\"]\nquantise = [\"ptq\"]\n", "the same axes"},
      {cells + method + "quantize = \"ptq\"\n", "quantize"},
      {cells + method + "quantise = \"int4\"\n", "int4"},
      {cells + method + "cluster = 20\n", "weights cannot share 20 values"},
      {cells + method + "prune = \"2:4\"\nbatch = 0\n", "batch"},
      {cells + method + "prune = \"2:4\"\nsweep = \"keep=0.5,0.25\"\n", "`sweep` is for one compression"},
      {"[base]\nmodel = \"dimple-nano\"\n" + cells, "`model` is for one compression"},
      {"[base]\nwidth = 0.5\n" + cells, "`width` is a setting of the parent"},
      {"[parent]\nquantise = \"ptq\"\n" + cells, "quantise"},
      {"[parent]\narch = \"ds48\"\n" + cells, "the study's to choose"},
      {"[parent.files]\nds49 = \"a\"\n" + cells, "there is no architecture ds49"},
      {"[parent.files]\nds48 = 3\n" + cells, "`ds48` is of the wrong type"},
      {"[base]\ntime = \"6m\"\n" + cells + method + "prune = \"2:4\"\nquantise = \"qat\"\n",
       "2 trained stages of 6m are more than the 10m of a cell"}};
  for (const auto& [text, why] : wrong) {
    try {
      parsed(text);
      ADD_FAILURE() << "taken: " << text;
    } catch (const host::Error& e) {
      EXPECT_EQ(e.exit(), host::Exit::usage) << text;
      EXPECT_THAT(e.what(), HasSubstr(why));
    }
  }
}

TEST(CompressionRecipe, WhatIsAskedForWeighsMoreThanTheBaseAndLessThanTheAxes) {
  const std::string text =
      "[base]\nbatch = 32\nepochs = 2\n[[cells]]\narch = [\"ds48\"]\n"
      "[[cells.method]]\nname = \"a\"\nquantise = \"qat\"\nepochs = 3\n";
  const CompressionStudy study = parsed(text, {{"batch", 64}, {"epochs", 9}});
  const compress::CompressRequest cell = compression_of(study.cells.at(0).settings);
  EXPECT_EQ(cell.training.recipe.batch, 64);
  EXPECT_EQ(cell.training.recipe.epochs, 3);
  EXPECT_EQ(cell.methods.quantise, "qat");
}

TEST(CompressionRecipe, TheShippedOneHasTheArchitecturesThatWereCompared) {
  const std::string path = DIMPLE_SOURCE_DIR "/recipes/compression.toml";
  const CompressionStudy study = parse_compressions(host::parse_toml(host::read_text(path), path), path);
  std::vector<std::string> names;
  for (const Member& cell : study.cells) names.push_back(cell.name);
  size_t compared = 0;
  for (const auto& entry : fs::directory_iterator(DIMPLE_SOURCE_DIR "/docs/results/architectures")) {
    if (entry.path().stem() == "summary") continue;
    ++compared;
    for (const char* method : {"float", "int8-ptq", "int8-qat"})
      EXPECT_THAT(names, Contains(entry.path().stem().string() + ",method=" + method));
  }
  EXPECT_THAT(names, Contains("arch=mobilenet_v3_large,method=int8-qat-longer"));
  EXPECT_EQ(names.size(), 3 * compared + 4 * 4 + 1);
  for (const auto& [arch, file] : study.files) EXPECT_TRUE(fs::exists(fs::path(DIMPLE_SOURCE_DIR) / file)) << file;
}

// From pictures to the table, in earnest.
TEST(CompressionStudies, TrainCompressAndMeasure) {
  const fs::path folder = fs::path(testing::TempDir()) / ("dimple-squares-" + std::to_string(::getpid()));
  fs::remove_all(folder);
  fs::create_directories(folder);
  data::Dataset set = train::squares(96);
  for (size_t i = 5; i < set.split.size(); i += 6) set.split[i] = data::Split::test;
  set.duplicate_of = data::find_duplicates(set);
  data::save_cache((folder / "squares.dimpledata").string(), set);
  host::write_atomic(folder / "squares.toml", R"(
[base]
epochs = 1
batch = 16
timing_seconds = 0.0
[parent]
size = 16
epochs = 3
batch = 16
no_augment = true
[[cells]]
arch = ["embedded3"]
[[cells.method]]
name = "float"
[[cells.method]]
name = "int8 qat"
quantise = "qat"
teacher = "parent"
)");
  compress::CompressRequest compression;
  compression.training.session = train::small_session();
  compression.training.session.runs = (folder / "runs").string();
  compression.training.paths.data = (folder / "squares.dimpledata").string();
  const auto run = [&] {
    return compress_study({(folder / "squares.toml").string(), (folder / "out").string()}, compression,
                          {"data", "threads", "device", "runs"}, {});
  };
  const StudyReport report = run();
  EXPECT_EQ(report.failed, 0) << report.table;
  const auto cell = [&](const std::string& method) {
    const fs::path file = folder / "out" / ("arch=embedded3,method=" + method + ".json");
    return host::parse_json(host::read_text(file), file.string());
  };
  const Json as_float = cell("float"), integer = cell("int8-qat");
  EXPECT_EQ(integer["parent"]["sha256"],
            host::sha256_file(folder / "runs/squares/parents/train/embedded3/weights/best.safetensors"));
  EXPECT_EQ(integer["parent"]["sha256"], as_float["parent"]["sha256"]);
  EXPECT_EQ(integer["parent"]["figures"], [&] {
    Json figures = as_float["figures"];
    figures.erase("points_to_parent");
    return figures;
  }()) << "the float cell is the parent";
  EXPECT_LT(integer["figures"]["weight_bytes"], as_float["figures"]["weight_bytes"].get<int>() / 3);
  EXPECT_EQ(integer["epochs"], 1);
  EXPECT_THAT(integer["circumstances"]["data"].get<std::string>(), HasSubstr("squares, sha256 "));

  // Killed before its result was written, it goes on from the cell's run folder.
  fs::remove(folder / "out/arch=embedded3,method=int8-qat.json");
  run();
  EXPECT_EQ(cell("int8-qat")["figures"], integer["figures"]);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder / "runs/squares/compress"), {}), 1);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace dimple::study
