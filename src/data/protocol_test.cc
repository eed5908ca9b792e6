#include "data/protocol.h"

#include <gmock/gmock.h>

#include "data/label_map.h"
#include "data/load.h"
#include "data/sets_testing.h"
#include "data/split.h"
#include "data/votes.h"

namespace dimple::data {
namespace {

Dataset voted_set() {
  Dataset set = noise_set(5);
  set.name = "fer2013";
  set.vote_names = {"happiness", "sadness", "contempt", "unknown"};
  set.votes = {9, 1, 0, 0,   // happy
               5, 5, 0, 0,   // a tie
               1, 2, 7, 0,   // contempt, which the set's own labels do not have
               0, 0, 0, 10,  // unknown
               0, 8, 0, 2};
  set.doubt = {0, 0, 0, 0, kDoubtPlace};
  return set;
}

// With the classes that the csv has.
Dataset whole_fer2013() {
  Dataset set = voted_set();
  set.labels = {"angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"};
  set.label = {3, 4, 6, 3, 4};
  return set;
}

host::Exit exit_of(const std::string& protocol, const Dataset& set, int32_t fold = 0) {
  try {
    apply_protocol(protocol, set, {.fold = fold});
  } catch (const host::Error& error) {
    return error.exit();
  }
  return host::Exit::fine;
}

TEST(Votes, MostVotesKnowsATie) {
  const Dataset set = voted_set();
  EXPECT_EQ(most_votes(set, 0), 0);
  EXPECT_EQ(most_votes(set, 1), -1);
  EXPECT_EQ(most_votes(set, 3), 3);
}

TEST(Votes, TargetsAreWhatTaggersSaidWhereTheySaidSomething) {
  Dataset set = voted_set();
  set_vote_targets(set);
  check(set, "x");
  EXPECT_FLOAT_EQ(set.target_of(0)[0], 0.9f);
  EXPECT_FLOAT_EQ(set.target_of(1)[1], 0.5f);
  EXPECT_FLOAT_EQ(set.target_of(3)[0], 1);  // no vote for a class: its label alone
  EXPECT_FLOAT_EQ(set.target_of(4)[1], 1);  // place uncertain: its label alone
  Dataset none = noise_set(3);
  EXPECT_NE(input_error([&] { set_vote_targets(none); }), "");
}

TEST(Protocol, Fer2013CarriesTheVotesAsTargetsWhenThereAreSome) {
  EXPECT_FLOAT_EQ(apply_protocol("fer2013", voted_set()).target_of(0)[0], 0.9f);
  Dataset set = voted_set();
  set.votes.clear(), set.vote_names.clear();
  EXPECT_TRUE(apply_protocol("fer2013", set).target.empty());
}

TEST(Protocol, FerplusKeepsWhatMostTaggersAgreeOn) {
  const Dataset set = apply_protocol("ferplus", whole_fer2013());
  ASSERT_EQ(set.size(), 2u);
  EXPECT_EQ(set.labels.size(), 8u);
  EXPECT_EQ(set.labels[static_cast<size_t>(set.label[0])], "happy");
  EXPECT_EQ(set.labels[static_cast<size_t>(set.label[1])], "contempt");
  EXPECT_FLOAT_EQ(set.target_of(0)[1], 0.9f);
  EXPECT_EQ(set.source_row, (std::vector<int32_t>{0, 2}));
}

// Its eight classes would overwrite what was asked for.
TEST(Protocol, FerplusRefusesAMapOfItsClasses) {
  for (const LabelMap& map : {make_label_map({"happy", "sad"}, {}), make_label_map({}, {"disgust=angry"})}) {
    Dataset set = whole_fer2013();
    apply_label_map(set, map);
    EXPECT_EQ(exit_of("ferplus", set), host::Exit::usage);
    EXPECT_EQ(exit_of("fer2013", set), host::Exit::fine);
  }
  EXPECT_EQ(exit_of("ferplus", whole_fer2013()), host::Exit::fine);
}

// A class by another name keeps its votes.
TEST(Protocol, Fer2013TrainsOnVotesAsTheyWereMapped) {
  Dataset set = whole_fer2013();
  apply_label_map(set, make_label_map({}, {"sad=other", "neutral=other", "angry=other"}));
  const Dataset mapped = apply_protocol("fer2013", set);
  const auto other = static_cast<size_t>(std::ranges::find(mapped.labels, "other") - mapped.labels.begin());
  EXPECT_FLOAT_EQ(mapped.target_of(0)[other], 0.1f);
  EXPECT_FLOAT_EQ(mapped.target_of(1)[other], 0.5f);
}

TEST(Protocol, TestRowsComeRawAndDeduplicated) {
  Dataset set = noise_set(10);
  copy_picture(set, 0, 4);
  const TestRows rows = test_rows(set);
  EXPECT_EQ(rows.raw, (std::vector<int32_t>{4, 9}));
  EXPECT_EQ(rows.deduplicated, (std::vector<int32_t>{9}));
}

TEST(Protocol, IsFoundByNameOrByTheSet) {
  EXPECT_STREQ(find_protocol("", voted_set()).name, "fer2013");
  try {
    find_protocol("fer2031", voted_set());
    FAIL();
  } catch (const host::Error& error) {
    EXPECT_EQ(error.exit(), host::Exit::usage);
  }
  EXPECT_NE(input_error([] { find_protocol("ckplus", voted_set()); }), "");
  EXPECT_STREQ(find_protocol("", noise_set(3)).name, "own");
  EXPECT_NE(input_error([] {
              Dataset set = voted_set();
              set.votes.clear(), set.vote_names.clear();
              apply_protocol("ferplus", set);
            }),
            "");
}

TEST(Protocol, OwnDealsOutWhatIsMissingAndNothingElse) {
  Dataset set = noise_set(300);
  std::ranges::fill(set.split, Split::train);
  for (int32_t i = 0; i < 300; ++i) set.subject.push_back("p" + std::to_string(i / 5));
  for (int32_t fold = 0; fold < 5; ++fold) {
    const Dataset own = apply_protocol("", set, {.fold = fold});
    EXPECT_EQ(shared_subjects(own), 0);
    EXPECT_NEAR(static_cast<double>(rows_of(own, Split::test).size()), 60, 6);
    EXPECT_NEAR(static_cast<double>(rows_of(own, Split::validation).size()), 24, 6);
  }
  const Dataset whole = noise_set(20);
  EXPECT_EQ(apply_protocol("", whole).split, whole.split);
  EXPECT_THROW(apply_protocol("", set, {.fold = 5}), host::Error);
}

// Or a study of folds would be one training many times over.
TEST(Protocol, AFoldOfWhatIsNotDealtIsRefused) {
  for (const char* fixed : {"fer2013", "ferplus", "smile"}) {
    EXPECT_EQ(exit_of(fixed, whole_fer2013(), 1), host::Exit::usage) << fixed;
    EXPECT_EQ(exit_of(fixed, whole_fer2013(), 0), host::Exit::fine) << fixed;
  }
  Dataset set = noise_set(60);  // with test pictures
  EXPECT_EQ(exit_of("own", set, 1), host::Exit::usage);
  EXPECT_EQ(exit_of("smile", set, 1), host::Exit::usage);
  std::ranges::fill(set.split, Split::train);
  EXPECT_EQ(exit_of("own", set, 1), host::Exit::fine);
  EXPECT_EQ(exit_of("smile", set, 1), host::Exit::fine);
  set.split_from = "split.csv";
  EXPECT_EQ(exit_of("own", set, 1), host::Exit::usage);
  set.split_from.clear(), set.name = "cafe";
  EXPECT_EQ(exit_of("", set, 1), host::Exit::usage);
  EXPECT_EQ(exit_of("", set, 0), host::Exit::fine);
}

TEST(Protocol, CafeTestsEverythingAndTeachesNothing) {
  Dataset set = noise_set(10);
  set.name = "cafe";
  const Dataset cafe = apply_protocol("", set);
  EXPECT_EQ(rows_of(cafe, Split::test).size(), 10u);
  const auto refusal = [](const Dataset& data) {
    try {
      check_trainable(data);
    } catch (const host::Error& error) {
      return error.exit();
    }
    return host::Exit::fine;
  };
  EXPECT_EQ(refusal(cafe), host::Exit::gate);
  Dataset smuggled = cafe;
  smuggled.split[0] = Split::train;
  EXPECT_EQ(refusal(smuggled), host::Exit::gate);
  EXPECT_EQ(refusal(noise_set(10)), host::Exit::fine);
}

host::Exit refusal_of(const Dataset& set, bool force) {
  try {
    check_trainable(set, force);
  } catch (const host::Error& error) {
    return error.exit();
  }
  return host::Exit::fine;
}

// By any way of splitting: a file, a column of a table, folders.
TEST(Trainable, APersonInTwoSplitsIsRefusedUnlessForced) {
  Dataset set = noise_set(20);
  for (int32_t i = 0; i < 20; ++i) set.subject.push_back("p" + std::to_string(i % 5));  // by row as the splits are
  EXPECT_EQ(refusal_of(set, false), host::Exit::fine);
  set.subject[4] = set.subject[0];
  EXPECT_EQ(refusal_of(set, false), host::Exit::gate);
  EXPECT_EQ(refusal_of(set, true), host::Exit::fine);
  ASSERT_EQ(leaks_of(set).size(), 1u);
  EXPECT_THAT(leaks_of(set)[0], testing::StartsWith("1 person is in more than one split"));
}

TEST(Trainable, WithoutConsentNothingIsLearnedByAnyForce) {
  Dataset set = noise_set(20);
  set.doubt.assign(20, 0);
  set.doubt[4] = kDoubtConsent;  // a test picture
  EXPECT_EQ(refusal_of(set, false), host::Exit::fine);
  for (const int32_t row : {0, 3}) {  // to train on, to validate with
    set.doubt.assign(20, 0);
    set.doubt[static_cast<size_t>(row)] = kDoubtConsent;
    EXPECT_EQ(refusal_of(set, true), host::Exit::gate) << row;
  }
}

TEST(Trainable, AClassWithoutTrainingPicturesIsRefused) {
  Dataset set = noise_set(20);
  set.labels.push_back("fear");
  EXPECT_THAT(input_error([&] { check_trainable(set); }), testing::HasSubstr("no training picture of fear"));
  set.label[4] = 3;  // a test picture
  EXPECT_THAT(input_error([&] { check_trainable(set); }), testing::HasSubstr("no training picture of fear"));
  set.label[0] = 3;
  EXPECT_EQ(input_error([&] { check_trainable(set); }), "");
}

// Few people, and pictures of unknown people, as pools have them.
TEST(Protocol, OwnKeepsPeopleOnOneSideHoweverFewAreKnown) {
  for (const int people : {2, 3, 7}) {
    Dataset set = noise_set(120);
    std::ranges::fill(set.split, Split::train);
    for (int32_t i = 0; i < 120; ++i) set.subject.push_back(i % 2 ? "" : "p" + std::to_string(i / 2 % people));
    const Dataset own = apply_protocol("", set);
    EXPECT_EQ(shared_subjects(own), 0) << people;
    check_trainable(own);
  }
}

TEST(Protocol, SmileIsHappyAgainstTheRest) {
  Dataset set = voted_set();
  set.labels = {"angry", "happiness", "sad"};
  set.label = {0, 1, 2, 1, 0};
  const Dataset smile = apply_protocol("smile", set);
  EXPECT_EQ(smile.labels, (std::vector<std::string>{"other", "happy"}));
  EXPECT_EQ(smile.label, (std::vector<int32_t>{0, 1, 0, 1, 0}));
  EXPECT_FLOAT_EQ(smile.target_of(0)[1], 0.9f);  // labelled angry; nine of ten voted happy
  EXPECT_EQ(smile.split, set.split);
  set.labels = {"angry", "fear", "sad"};
  EXPECT_NE(input_error([&] { apply_protocol("smile", set); }).find("needs happy"), std::string::npos);
}

TEST(Protocol, ASplitFileTakesThePlaceOfAPublishedSplit) {
  Dataset set = voted_set();
  set.split_from = "split.csv";
  EXPECT_STREQ(find_protocol("", set).name, "own");
  EXPECT_EQ(apply_protocol("", set).split, set.split);
  EXPECT_THROW(find_protocol("fer2013", set), host::Error);
}

TEST(RealData, FerplusCounts) {
  DIMPLE_REAL_DATA(path, "fer2013/fer2013.csv.xz");
  const Dataset set = apply_protocol("ferplus", load_dataset(path));
  // 26,940 / 3,396 / 3,376 have a clear most-voted expression; rows of uncertain place are gone besides.
  EXPECT_NEAR(static_cast<double>(rows_of(set, Split::train).size()), 26'940, 71);
  EXPECT_NEAR(static_cast<double>(rows_of(set, Split::validation).size()), 3'396, 71);
  EXPECT_NEAR(static_cast<double>(rows_of(set, Split::test).size()), 3'376, 71);
}

TEST(RealData, CkplusFoldsShareNobody) {
  DIMPLE_REAL_DATA(path, "ckplus48/CK+48.tar");
  const Dataset whole = load_dataset(path);
  size_t tested = 0;
  for (int32_t fold = 0; fold < 10; ++fold) {
    const Dataset set = apply_protocol("", whole, {.fold = fold});
    EXPECT_EQ(shared_subjects(set), 0);
    const auto rows = rows_of(set, Split::test);
    EXPECT_NEAR(static_cast<double>(rows.size()), 98.1, 8);
    tested += rows.size();
  }
  EXPECT_EQ(tested, 981u);
}

}  // namespace
}  // namespace dimple::data
