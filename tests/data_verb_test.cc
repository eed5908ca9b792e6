// dimple data as a user runs it, and what `val` makes of its splits.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "host/files.h"
#include "host/json.h"
#include "media/encode.h"
#include "tests/command.h"
#include "tests/schema_testing.h"

namespace dimple::tests {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class DataVerb : public InOwnFolder {
 protected:
  DataVerb() { plant("set", "subject"); }

  // 60 pictures of 12 people; every other person has the mouth open.
  void plant(const std::string& name, const std::string& who) {
    fs::create_directories(folder_ / name);
    std::ofstream table(folder_ / name / "labels.csv");
    table << "path,label," << who << ",mouth\n";
    uint32_t seed = 1;
    for (int i = 0; i < 60; ++i) {
      media::Picture picture(20, 20, 1);
      for (uint8_t& pixel : picture.pixels) pixel = static_cast<uint8_t>((seed = seed * 1664525 + 1013904223) >> 24);
      const std::string file = std::to_string(100 + i) + ".png";
      media::save_picture(folder_ / name / file, picture);
      table << file << "," << (i % 3 ? "happy" : "sad") << ",p" << i / 5 << "," << (i / 5 % 2 ? "open" : "closed")
            << "\n";
    }
  }

  Answer dimple(const std::string& words) const { return run_here(DIMPLE_PROGRAM " " + words + " 2>&1"); }
  host::Json json(const std::string& words) const {
    const std::string output = run_here(DIMPLE_PROGRAM " " + words + " --json").output;
    expect_document_as_promised(DIMPLE_PROGRAM, words + " --json", output);
    return host::parse_json(output, words);
  }
};

TEST_F(DataVerb, ListsEveryImporterWithItsLicence) {
  EXPECT_GE(json("data list")["importers"].size(), 20u);
  EXPECT_THAT(dimple("data list").output, HasSubstr("Apache-2.0"));
}

TEST_F(DataVerb, SplitCacheAndAugmentSayWhatTheyWrote) {
  EXPECT_EQ(json("data split set --out s.csv")["files"], host::Json{"s.csv"});
  EXPECT_EQ(json("data cache set --out c.dimpledata")["cache"]["path"], "c.dimpledata");
  EXPECT_EQ(json("data augment --out a.png")["sheet"], "a.png");
  for (const char* file : {"s.csv", "c.dimpledata", "a.png"}) EXPECT_TRUE(fs::exists(folder_ / file)) << file;
}

TEST_F(DataVerb, CheckCountsGroupsAndLeavesAPicture) {
  std::ofstream(folder_ / "set" / "100.png") << "spoilt";
  const host::Json report = json("data check set --name c --contact-sheet");
  EXPECT_EQ(report["pictures"], 59);
  EXPECT_EQ(report["subjects"], 12);
  EXPECT_EQ(report["groups"]["mouth"]["open"], 30);
  EXPECT_EQ(report["quarantine"].size(), 1u);
  for (const char* file : {"summary.json", "classes.svg", "quarantine.csv", "contact_sheet.png"})
    EXPECT_TRUE(fs::exists(folder_ / "runs/data/c" / file)) << file;
  ASSERT_EQ(dimple("data check set --name d").exit, 0);
  EXPECT_FALSE(fs::exists(folder_ / "runs/data/d/contact_sheet.png"));
}

TEST_F(DataVerb, ReadsTheSameInACageAndInPlace) {
  std::ofstream(folder_ / "set" / "100.png") << "spoilt";
  const auto caged = dimple("data cache set --out caged.dimpledata"),
             in_place = dimple("data cache set --out place.dimpledata --no-cage"),
             by_environment = run_here("DIMPLE_CAGE=off " DIMPLE_PROGRAM " data cache set --out off.dimpledata 2>&1");
  for (const Answer& answer : {caged, in_place, by_environment}) EXPECT_EQ(answer.exit, 0) << answer.output;
  const std::string bytes = host::read_text(folder_ / "caged.dimpledata");
  EXPECT_TRUE(host::read_text(folder_ / "place.dimpledata") == bytes);
  EXPECT_TRUE(host::read_text(folder_ / "off.dimpledata") == bytes);
  const std::string val = "val set --split train --no-save --resamples 10 --unknown skip --json";
  host::Json one = json(val), other = json(val + " --no-cage");
  one.erase("seconds"), other.erase("seconds");
  EXPECT_EQ(one, other);
}

TEST_F(DataVerb, ASplitBySubjectIsUsedAndALeakingOneRefused) {
  ASSERT_EQ(dimple("data split set --by subject --test 0.25 --validation 0.25 --out s.csv").exit, 0);
  const host::Json report = json("data check set --split-file s.csv --no-save");
  EXPECT_EQ(report["shared_subjects"], 0);
  EXPECT_EQ(report["splits"]["test"]["pictures"], 15);
  std::string text = host::read_text(folder_ / "s.csv");
  const size_t at = text.find(",train\n");
  text.replace(at, 7, ",test\n");
  std::ofstream(folder_ / "leak.csv") << text;
  const auto leak = dimple("data check set --split-file leak.csv --no-save");
  EXPECT_EQ(leak.exit, 6) << leak.output;
  EXPECT_THAT(leak.output, HasSubstr("more than one split"));
  EXPECT_EQ(dimple("data check set --split-file leak.csv --no-save --force").exit, 0);
}

TEST_F(DataVerb, ClassesThatTheModelCannotAnswerAreRefusedMisreadOrLeftOut) {
  std::string table = host::read_text(folder_ / "set" / "labels.csv");
  for (size_t at; (at = table.find(",sad,")) != std::string::npos;) table.replace(at, 5, ",contempt,");
  std::ofstream(folder_ / "set" / "labels.csv") << table;
  const std::string val = "val set --split train --no-save --resamples 10";
  const auto refused = dimple(val);
  EXPECT_EQ(refused.exit, 3);
  EXPECT_THAT(refused.output, HasSubstr("--unknown"));
  EXPECT_THAT(dimple(val + " --unknown wrong").output, HasSubstr("pictures show contempt"));
  const host::Json wrong = json(val + " --unknown wrong"), skip = json(val + " --unknown skip");
  const int all = wrong["pictures"], known = skip["pictures"];
  EXPECT_EQ(wrong["unknown_classes"]["pictures"]["contempt"], all - known);
  EXPECT_GT(all, known);
  EXPECT_NEAR(wrong["accuracy"].get<double>() * all, skip["accuracy"].get<double>() * known, 1e-6);
  EXPECT_FALSE(skip["per_class"].contains("contempt"));
  EXPECT_EQ(dimple(val + " --unknown perhaps").exit, 2);
}

TEST_F(DataVerb, AFolderOfOnesOwnIsTestedWhole) {
  const std::string val = "val set --no-save --resamples 10 --unknown skip --split ";
  int parts = 0;
  for (const char* part : {"train", "validation", "test"}) parts += json(val + part)["pictures"].get<int>();
  const host::Json all = json(val + "all");
  EXPECT_EQ(all["split"], "all");
  EXPECT_EQ(all["pictures"], parts);
  EXPECT_GE(all["pictures_deduplicated"], json(val + "train")["pictures"]);  // nothing of it was learned from
  EXPECT_EQ(dimple(val + "some").exit, 2);
}

TEST_F(DataVerb, FoldsAreOneFileEach) {
  ASSERT_EQ(dimple("data split set --folds 3 --out f.csv").exit, 0);
  for (const char* file : {"f.0.csv", "f.1.csv", "f.2.csv"}) EXPECT_TRUE(fs::exists(folder_ / file)) << file;
}

TEST_F(DataVerb, WithoutPeopleThereIsNoSplitByPeople) {
  plant("strangers", "pose");
  const auto result = dimple("data split strangers");
  EXPECT_EQ(result.exit, 3);
  EXPECT_THAT(result.output, HasSubstr("it does not say who is shown"));
}

TEST_F(DataVerb, CafeIsNotSplit) {
  fs::rename(folder_ / "set", folder_ / "cafe");
  fs::rename(folder_ / "cafe/labels.csv", folder_ / "cafe/cafe.csv");
  EXPECT_EQ(dimple("data split cafe --faces whole").exit, 6);
  EXPECT_EQ(json("data check cafe --faces whole --no-save")["splits"].size(), 1u);
  const host::Json tested = json("val cafe --protocol cafe --faces whole --no-save --resamples 10");
  EXPECT_EQ(tested["pictures"], 60);
  EXPECT_EQ(tested["slices"]["mouth"].size(), 2u) << tested["slices"].dump(1);
}

// One person plays twice and agrees once to being learned from, another agrees to tests alone.
TEST_F(DataVerb, SessionsAreSplitByConsent) {
  const auto session = [&](const std::string& name, const std::string& who, const std::string& purposes) {
    const fs::path folder = folder_ / "games" / name;
    fs::create_directories(folder);
    std::ofstream(folder / "session.json")
        << R"({"format":"dimple-session","version":1,"subject":")" << who
        << R"(","consent":"consent.json","rounds":[{"prompt":"happy","frames":["1.png"]},{"prompt":"sad","frames":["2.png"]}]})";
    std::ofstream(folder / "consent.json")
        << R"({"version":1,"given":true,"given_by":"guardian","date":"2026-03-01","purposes":[)" << purposes << "]}";
    for (const char* file : {"1.png", "2.png"}) fs::copy_file(folder_ / "set" / "100.png", folder / file);
  };
  for (int i = 0; i < 6; ++i) session("learn" + std::to_string(i), "child" + std::to_string(i), R"("train","test")");
  for (int i = 0; i < 6; ++i) session("again" + std::to_string(i), "child" + std::to_string(i), R"("test")");
  session("tests", "child9", R"("test")");
  ASSERT_EQ(dimple("data split games --faces whole --test 0.3 --validation 0.2 --force --out s.csv").exit, 0);
  const host::Json report = json("data check games --faces whole --split-file s.csv --no-save");
  EXPECT_EQ(report["shared_subjects"], 0);
  const std::string text = host::read_text(folder_ / "s.csv");
  EXPECT_THAT(text, HasSubstr("learn"));
  for (size_t at = 0; (at = text.find("\nagain", at)) != std::string::npos; ++at)
    EXPECT_THAT(text.substr(at + 1, text.find('\n', at + 1) - at - 1), testing::EndsWith(",test"));
  EXPECT_THAT(text, HasSubstr("tests/1.png,child9,happy,test\n"));
}

TEST_F(DataVerb, SetsArePooled) {
  plant("more", "subject");
  const host::Json report = json("data check set,more --no-save");
  EXPECT_EQ(report["pictures"], 120);
  EXPECT_EQ(report["subjects"], 12);  // the same set once more shows the same people
  EXPECT_EQ(report["groups"]["origin"]["table-2"], 60);
  EXPECT_EQ(report["duplicates"]["groups"], 60);
}

TEST_F(DataVerb, AModelReadsAnySetInItsOwnSize) {
  const auto smile = dimple("val set --model dimple-nano --protocol smile --no-save --json");
  ASSERT_EQ(smile.exit, 0) << smile.output;
  EXPECT_THAT(smile.output, HasSubstr(R"("classes":["other","happy"])"));
}

}  // namespace
}  // namespace dimple::tests
