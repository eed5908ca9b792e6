#include "train/request.h"

#include <gmock/gmock.h>

#include "host/fields.h"
#include "host/files.h"
#include "host/own_folder_testing.h"
#include "train/trainer.h"

namespace dimple::train {
namespace {

TrainRequest some_request() {
  TrainRequest request;
  request.paths = {"set.csv", "votes.csv", "other.csv"};
  request.data.load.labels = {"happy", "sad"}, request.data.protocol = "own", request.data.fold = 3;
  request.session.threads = 2, request.session.name = "first", request.session.test = true;
  request.recipe.arch = "ds48", request.recipe.ema = 0.99f, request.recipe.seed = 7;
  request.recipe.augment.blur = 0.125f, request.recipe.standardise = false;
  return request;
}

void write_args(const std::string& text) { host::write_atomic(host::own_folder() / "args.toml", text); }

TEST(Request, IsReadBackAsItWasWritten) {
  const TrainRequest request = some_request();
  write_args(host::to_toml(request));
  EXPECT_EQ(host::to_json(load_request(host::own_folder().string())), host::to_json(request));
}

// Version 0.1 wrote all settings flat, in another order, with those of a study among them.
TEST(Request, OfAnEarlierVersionIsUnderstood) {
  write_args(
      "data = \"set.csv\"\nsize = 48\nlabels = [\"happy\"]\nvotes = \"votes.csv\"\nfold = 1\nname = \"old\"\n"
      "test = true\nstudy = \"\"\nout = \"\"\nfolds = \"\"\nseeds = \"\"\nonly = \"\"\ntable = false\narch = \"ds48\"\n"
      "seed = 5\nthreads = 2\nshares = 4\nloader_threads = 1\nmax_minutes = 0.5\nexplosion = 20.0\n"
      "[augment]\nblur = 0.5\n");
  const TrainRequest request = load_request(host::own_folder().string());
  EXPECT_EQ(request.paths.data, "set.csv");
  EXPECT_EQ(request.paths.votes, "votes.csv");
  EXPECT_EQ(request.data.load.size, 48);
  EXPECT_EQ(request.data.fold, 1);
  EXPECT_EQ(request.session.threads, 2);
  EXPECT_TRUE(request.session.test);
  EXPECT_EQ(request.recipe.arch, "ds48");
  EXPECT_EQ(request.recipe.shares, 4);
  EXPECT_EQ(request.recipe.augment.blur, 0.5f);
}

TEST(Request, OfAnUnknownSettingOrFolderIsAUsageError) {
  write_args("arhc = \"ds48\"\n");
  EXPECT_THROW(load_request(host::own_folder().string()), host::Error);
  EXPECT_THROW(load_request("/nosuch"), host::Error);
}

// What is learned stays; where the data lies now, how it is decoded and how long this call may take, is of this call.
TEST(Request, ResumedKeepsItsRecipeAndTakesPathsAndLimits) {
  write_args(host::to_toml(some_request()));
  host::write_atomic(host::own_folder() / "env.json", std::string_view("{\"shares\": 2}"));
  TrainRequest asked;
  asked.session.resume = host::own_folder().string(), asked.session.max_minutes = 4;
  asked.session.cage = false;
  asked.session.max_macs = 1'000'000'000'000;
  asked.paths.data = "elsewhere/set.csv", asked.recipe.arch = "dimple_nano";
  const TrainRequest resumed = resumed_request(asked);
  EXPECT_EQ(resumed.paths.data, "elsewhere/set.csv");
  EXPECT_EQ(resumed.paths.test_data, "other.csv");
  EXPECT_EQ(resumed.session.max_minutes, 4);
  EXPECT_FALSE(resumed.session.cage);
  EXPECT_EQ(resumed.session.max_macs, asked.session.max_macs) << "as the refusal of its teacher advises";
  EXPECT_EQ(resumed.session.name, "first");
  EXPECT_EQ(resumed.recipe.arch, "ds48");
  EXPECT_EQ(resumed.recipe.shares, 2) << "as many as it began with";
}

TEST(Progress, OfAnEarlierCheckpointIsUnderstood) {
  Progress progress;
  host::update_from_json(progress, host::parse_json("{\"epoch\": 3, \"judging_s\": 1.5}", "a checkpoint"),
                         "a checkpoint");
  EXPECT_EQ(progress.epoch, 3);
  EXPECT_EQ(progress.eval_s, 1.5);
}

}  // namespace
}  // namespace dimple::train
