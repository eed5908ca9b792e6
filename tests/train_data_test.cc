// What train makes of data that it should not believe: broken pictures, people on both sides, tests that do not fit.
#include <gmock/gmock.h>

#include <fstream>

#include "host/files.h"
#include "host/json.h"
#include "tests/train_verb_testing.h"

namespace dimple::tests {
namespace {

using testing::HasSubstr;

// Sets of a user's own: a folder of pictures with a table beside them.
class TrainData : public TrainVerb {
 protected:
  // Pictures first to last - 1; `row` says what stands in the table behind a picture's name.
  template <class Row>
  void plant(const std::string& columns, int first, int last, const Row& row) const {
    fs::create_directories(set_);
    std::ofstream table(set_ / "labels.csv");
    table << columns << "\n";
    for (int i = first; i < last; ++i) {
      const std::string file = std::to_string(i) + ".png";
      draw(set_ / file, i);
      table << file << "," << row(i) << "\n";
    }
  }
  std::string train(const std::string& more) const {
    return kLab + " train " + set_.string() + " --runs " + folder_.string() + " --threads 1 --epochs 1 " + more;
  }
  // Refused before there is a run folder; forced, its card says why it should not have been.
  void expect_refused_but_forced(const std::string& name, const std::string& words, const std::string& why) const {
    const std::string leaky = train("--name " + name + " " + words);
    const fs::path run_folder = folder_ / "train" / name;
    const auto refused = run(leaky + " 2>&1");
    EXPECT_EQ(refused.exit, 6) << refused.output;
    EXPECT_THAT(refused.output, HasSubstr(why));
    EXPECT_FALSE(fs::exists(run_folder));
    const auto forced = run(leaky + " --force 2>&1");
    ASSERT_EQ(forced.exit, 0) << forced.output;
    EXPECT_THAT(host::read_text(run_folder / "MODEL_CARD.md"), HasSubstr("- " + why));
  }
  static std::string label_of(int i) { return i % 2 ? "happy" : "sad"; }

  const fs::path set_ = folder_ / "set";
};

// What is one class in training is one in the test, though the other set calls it by both names.
TEST_F(TrainVerb, RenamedClassesHoldForTheTestData) {
  const std::string tiny = (folder_ / "tiny.csv").string();
  const std::string test = "--epochs 1 --map fear=surprise --test --test-data " + tiny;
  const auto result = run(command("--name renamed " + test + " 2>&1"));
  ASSERT_EQ(result.exit, 0) << result.output;
  const auto json = host::parse_json(host::read_text(folder_ / "train/renamed/test.json"), "test.json");
  EXPECT_EQ(json["classes"].size(), 6u);
  EXPECT_EQ(json["per_class"]["surprise"]["support"], 6);  // of twenty pictures, two and a bit of seven classes
}

// Before hours are spent.
TEST_F(TrainVerb, AMistakeInTheTestDataIsSaidBeforeTheTraining) {
  EXPECT_EQ(run(command("--name early --test-data /nosuch 2>&1")).exit, 2) << "without --test";
  const auto missing = run(command("--name early --test --test-data /nosuch 2>&1"));
  EXPECT_EQ(missing.exit, 3) << missing.output;
  const auto strange =
      run(command("--name early --test --test-protocol cafe --test-data " + (folder_ / "tiny.csv").string() + " 2>&1"));
  EXPECT_EQ(strange.exit, 3) << strange.output;
  EXPECT_FALSE(fs::exists(folder_ / "train" / "early"));
}

// One is damaged, one is empty, one is named in the table alone.
TEST_F(TrainData, BrokenPicturesStandInTheRunFolder) {
  plant("path,label", 100, 130, label_of);
  std::ofstream(set_ / "104.png") << "spoilt";
  fs::resize_file(set_ / "105.png", 0);
  fs::remove(set_ / "107.png");
  const auto result = run(train("--name broken 2>&1"));
  ASSERT_EQ(result.exit, 0) << result.output;
  EXPECT_THAT(result.output, HasSubstr("3 bad files are not used"));
  EXPECT_THAT(
      host::read_text(folder_ / "train" / "broken" / "quarantine.csv"),
      testing::MatchesRegex("file,why\n104.png,[^\n]+\n105.png,the file is empty\n107.png,[^\n]+not there\"\n"));
}

// The set tests p2, the split learns from them: to test on the set itself is no test.
TEST_F(TrainData, PeopleWhoAreLearnedFromAreNotTestedOnElsewhere) {
  const char* const parts[] = {"train", "validation", "test"};
  std::ofstream split(folder_ / "split.csv");
  split << "key,subject,label,split\n";
  plant("path,label,subject,split", 0, 24, [&](int i) {
    const std::string person = ",p" + std::to_string(i / 8);
    split << i << ".png" << person << "," << label_of(i) << "," << parts[2 - i / 8] << "\n";
    return label_of(i) + person + "," + parts[i / 8];
  });
  split.close();
  const std::string test = "--test --test-data " + set_.string();
  const auto fine = run(train("--name fine " + test + " 2>&1"));
  EXPECT_EQ(fine.exit, 0) << fine.output;
  expect_refused_but_forced("leaky", test + " --split " + (folder_ / "split.csv").string(),
                            "1 person of table is learned from as well");
  ASSERT_FALSE(HasFatalFailure());
  const auto pictures = [&](const char* name) {
    return host::parse_json(host::read_text(folder_ / "train" / name / "test.json"), name)["pictures_deduplicated"];
  };
  EXPECT_EQ(pictures("fine"), 8);
  EXPECT_EQ(pictures("leaky"), 0) << "training has shown every one of them";
  const auto leaky_test = host::parse_json(host::read_text(folder_ / "train/leaky/test.json"), "test.json");
  EXPECT_TRUE(leaky_test["accuracy_deduplicated"].is_null());
  EXPECT_EQ(run(kLab + " train --resume " + (folder_ / "train/leaky").string() + " 2>&1").exit, 0) << "forced before";
}

// Two people in training and test alike, by the table's own column.
TEST_F(TrainData, ALeakIsRefusedOrForcedAndThenOnTheCard) {
  plant("path,label,subject,split", 0, 24, [](int i) {
    return label_of(i) + ",p" + std::to_string(i / 4 % 2) + (i < 12 ? ",train" : i < 18 ? ",validation" : ",test");
  });
  expect_refused_but_forced("leaky", "", "2 people are in more than one split");
  ASSERT_FALSE(HasFatalFailure());
  const fs::path run_folder = folder_ / "train" / "leaky";
  const auto card =
      run(std::string(DIMPLE_PROGRAM) + " report " + (run_folder / "weights" / "best.safetensors").string() +
          " --data " + set_.string() + " --out " + (folder_ / "card.md").string() + " 2>&1");
  ASSERT_EQ(card.exit, 0) << card.output;
  EXPECT_THAT(host::read_text(folder_ / "card.md"), HasSubstr("- 2 people are in more than one split"));

  // One person alone: no validation pictures, which is said instead of figures, and the leak all the same.
  std::string text = host::read_text(set_ / "labels.csv");
  for (const auto& [from, to] : {std::pair<std::string, std::string>{",p1,", ",p0,"}, {",validation", ",train"}})
    for (size_t at; (at = text.find(from)) != std::string::npos;) text.replace(at, from.size(), to);
  std::ofstream(set_ / "labels.csv") << text;
  const auto alone = run(train("--name alone --force 2>&1"));
  ASSERT_EQ(alone.exit, 0) << alone.output;
  EXPECT_THAT(alone.output,
              testing::AllOf(HasSubstr("no validation pictures"), testing::Not(HasSubstr("val accuracy"))));
  const std::string alone_card = host::read_text(folder_ / "train" / "alone" / "MODEL_CARD.md");
  EXPECT_THAT(alone_card,
              testing::AllOf(HasSubstr("- 1 person is in more than one split"), HasSubstr("Not measured yet")));
}

}  // namespace
}  // namespace dimple::tests
