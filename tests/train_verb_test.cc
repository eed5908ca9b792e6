// dimple-lab train as a user runs it: what it leaves, and what it says to mistakes.
#include <gmock/gmock.h>

#include <chrono>
#include <fstream>

#include "host/files.h"
#include "host/json.h"
#include "tests/train_verb_testing.h"

namespace dimple::tests {
namespace {

using testing::HasSubstr;

TEST_F(TrainVerb, LeavesARunFolderWithEverythingInIt) {
  const auto result = run(command("--name r --epochs 2 2>&1"));
  ASSERT_EQ(result.exit, 0) << result.output;
  for (const char* file : {"args.toml", "env.json", "data.lock.json", "results.csv", "results.svg", "log.jsonl",
                           "confusion_matrix.svg", "confusion_matrix.csv", "per_class.csv", "reliability.svg",
                           "top_losses.csv", "MODEL_CARD.md", "weights/last.safetensors", "weights/best.safetensors"})
    EXPECT_TRUE(fs::exists(folder_ / "train" / "r" / file)) << file;
  // What the weights depend on, beside the settings.
  const auto json = [&](const char* file) {
    return host::parse_json(host::read_text(folder_ / "train/r" / file), file);
  };
  EXPECT_EQ(json("env.json")["shares"], 1);
  EXPECT_EQ(json("env.json")["precision"], "f32");
  EXPECT_EQ(json("data.lock.json")["split_sha256"].get<std::string>().size(), 64u);
  EXPECT_EQ(json("data.lock.json")["fold"], 0);
  // A picture can be found again by its row in the source.
  EXPECT_THAT(host::read_text(folder_ / "train/r/top_losses.csv"),
              testing::ContainsRegex("^picture,truth,answer,[a-z_,]*\nrow 1[01][0-9],"));
}

TEST_F(TrainVerb, ItsDocumentIsWhatItsSchemaPromises) {
  const host::Json told = document("--name told --epochs 2 --test");
  EXPECT_EQ(told["epochs"], 2);
  EXPECT_EQ(told["test"], host::parse_json(host::read_text(folder_ / "train/told/test.json"), "test.json"));
  EXPECT_EQ(document("--name untested --epochs 1")["test"], host::Json());
  const host::Json report = schema_of(kLab, "train")["report"];
  EXPECT_EQ(report["anyOf"].size(), 2u) << "of a training, and of a study";
  EXPECT_NE(violation(host::Json{{"schema", 1}}, report), "");
}

// A split file that was written anew while the run rested.
TEST_F(TrainVerb, GoesOnWithTheSplitItBeganWith) {
  const fs::path split = folder_ / "split.csv";
  const char* const names[] = {"angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"};
  const auto write = [&](int tested) {
    std::ofstream csv(split);
    csv << "key,subject,label,split\n";
    for (int i = 0; i < 140; ++i)
      csv << "row " << i << ",," << names[i % 7] << (i < tested ? ",test\n" : i < 40 ? ",validation\n" : ",train\n");
  };
  write(20);
  const auto first = run(command("--name split --epochs 1 --split " + split.string() + " 2>&1"));
  ASSERT_EQ(first.exit, 0) << first.output;
  write(21);
  const auto other = run(kLab + " train --resume " + (folder_ / "train" / "split").string() + " 2>&1");
  EXPECT_EQ(other.exit, 3) << other.output;
  EXPECT_THAT(other.output, HasSubstr("is not the data this run began with"));
}

TEST_F(TrainVerb, BranchesLeftOutInTrainingAreThereAfterwards) {
  ASSERT_EQ(run(command("--name deep --epochs 2 --drop-path 0.3 2>&1")).exit, 0);
  const std::string best = (folder_ / "train/deep/weights/best.safetensors").string();
  EXPECT_EQ(run(kLab + " train --resume " + (folder_ / "train/deep").string() + " 2>&1").exit, 0);
  EXPECT_EQ(run(command("--name onwards --epochs 1 --init " + best + " 2>&1")).exit, 0);
  const auto shown = run(std::string(DIMPLE_PROGRAM) + " val " + (folder_ / "tiny.csv").string() + " --model " + best +
                         " --no-save --resamples 10 2>&1");
  EXPECT_EQ(shown.exit, 0) << shown.output;
  EXPECT_EQ(run(command("--arch ds48 --drop-path 0.3 2>&1")).exit, 2) << "it has no shortcuts";
}

// The votes say that every picture shows the next class: a training that believes them learns something else.
TEST_F(TrainVerb, LearnsFromVotesByTheShareAskedFor) {
  std::ofstream votes(folder_ / "fer2013new.csv");
  votes << "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n";
  const int column_of_next_class[] = {5, 6, 1, 3, 2, 0, 4};  // the vote for the class after angry, disgust, fear, ...
  for (int i = 0; i < 140; ++i) {
    votes << (i < 100 ? "Training," : i < 120 ? "PublicTest," : "PrivateTest,");
    for (int column = 0; column < 10; ++column) votes << ',' << (column == column_of_next_class[i % 7] ? 10 : 0);
    votes << '\n';
  }
  votes.close();
  const auto accuracy = [&](const std::string& share) {
    return document("--epochs 8 --batch 10 --no-augment --seed 3 --warmup-epochs 0 --vote-share " + share +
                    " --name votes" + share)["best_val_acc"]
        .get<double>();
  };
  EXPECT_GT(accuracy("0"), 0.8);
  EXPECT_LT(accuracy("1"), 0.5);
}

TEST_F(TrainVerb, ATimeIsKeptAndTheTestIsLookedAtOnce) {
  const auto began = std::chrono::steady_clock::now();
  // The epochs would take days. Were the time not kept, --max-minutes would end this, and nothing would be tested.
  const auto result = run(command("--name timed --time 6s --epochs 1000000 --max-minutes 0.5 --test 2>&1"));
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  ASSERT_EQ(result.exit, 0) << result.output;
  EXPECT_GT(took, 4);
  EXPECT_LT(took, 60);  // starting and reading the data come on top, and other work on this machine
  EXPECT_THAT(result.output, HasSubstr("on the test pictures: accuracy"));
  EXPECT_TRUE(fs::exists(folder_ / "train" / "timed" / "test.json"));
  const std::string log = host::read_text(folder_ / "train" / "timed" / "log.jsonl");
  const host::Json end = host::parse_json(log.substr(log.rfind('\n', log.size() - 2) + 1), "log.jsonl");
  EXPECT_LT(end["lr"].get<double>(), 0.05);  // it has come down from 0.1 in that time
  EXPECT_EQ(run(command("--time 30 2>&1")).exit, 2);
}

// What was added for training is gone from what is shipped, in floats too, and answers stay what they were.
TEST_F(TrainVerb, ExportFoldsTheBatchNormsAway) {
  ASSERT_EQ(run(command("--name normed --epochs 1 --arch embedded3 --batch-norms 2>&1")).exit, 0);
  const std::string weights = (folder_ / "train" / "normed" / "weights" / "last.safetensors").string(),
                    out = (folder_ / "shipped").string();
  const auto result =
      run(std::string(DIMPLE_PROGRAM) + " export " + weights + " --name tiny --format c --format program --data " +
          (folder_ / "tiny.csv").string() + " --json --out " + out);
  ASSERT_EQ(result.exit, 0) << result.output;
  const std::string source = host::read_text(fs::path(out) / "tiny.c");
  EXPECT_THAT(source, HasSubstr("conv2d"));
  EXPECT_THAT(source, testing::Not(HasSubstr("batch_norm")));
  EXPECT_THAT(host::read_text(weights), HasSubstr("batch_norm"));
  const host::Json report = host::parse_json(result.output, "export");
  EXPECT_GE(report["top1_agreement"], 0.95) << report.dump(1);
}

// Every setting of every shipped study exists, and of settings for one run.
TEST_F(TrainVerb, RecipesAreUnderstood) {
  for (const auto& entry : fs::directory_iterator(fs::path(DIMPLE_SOURCE_DIR) / "recipes")) {
    const host::Json recipe = host::parse_toml(host::read_text(entry.path()), entry.path().string());
    if (!recipe.contains("axes") && !recipe.contains("cells")) {
      EXPECT_EQ(run(kLab + " train /nosuch.csv --config " + entry.path().string() + " 2>&1").exit, 3) << entry.path();
      continue;
    }
    const bool searches = recipe.contains("base") && recipe["base"].contains("method");
    const std::string verb = recipe.contains("cells") ? " compress" : searches ? " search" : " train";
    const auto table = run(kLab + verb + " --study " + entry.path().string() + " --table 2>&1");
    EXPECT_EQ(table.exit, 0) << entry.path() << ": " << table.output;
    EXPECT_THAT(table.output, HasSubstr("| runs |"));
  }
}

TEST_F(TrainVerb, MistakesAreSaidPlainly) {
  EXPECT_EQ(run(kLab + " train /nosuch.csv 2>&1").exit, 3);
  EXPECT_EQ(run(command("--arch dimple_nan 2>&1")).exit, 2);
  EXPECT_THAT(run(command("--arch dimple_nan 2>&1")).output, HasSubstr("did you mean dimple_nano?"));
  EXPECT_EQ(run(command("--optimiser magic 2>&1")).exit, 2);
  EXPECT_EQ(run(command("--freeze heads 2>&1")).exit, 2);
  EXPECT_EQ(run(command("--init " + (folder_ / "tiny.csv").string() + " 2>&1")).exit, 5);
  EXPECT_EQ(run(command("--epocs 3 2>&1")).exit, 2);
  EXPECT_EQ(run(command("--sampler magic 2>&1")).exit, 2);
  EXPECT_EQ(run(command("--augment-crush 2 2>&1")).exit, 2);
  EXPECT_EQ(run(command("--teacher /nosuch.safetensors 2>&1")).exit, 5);
  EXPECT_EQ(run(command("--folds all 2>&1")).exit, 2);
  EXPECT_EQ(run(command("--device npu 2>&1")).exit, 2);
  EXPECT_EQ(run(command("--precision f16 2>&1")).exit, 2);
  EXPECT_EQ(run(command("--loader-threads -2 2>&1")).exit, 2);
  EXPECT_EQ(run(kLab + " train --resume " + folder_.string() + " 2>&1").exit, 2);
}

}  // namespace
}  // namespace dimple::tests
