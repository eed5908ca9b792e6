#include "data/pool.h"

#include <gmock/gmock.h>

#include "data/cache.h"
#include "data/label_map.h"
#include "data/load.h"
#include "data/resize.h"
#include "data/sets_testing.h"
#include "data/split.h"
#include "data/votes.h"
#include "host/growth_testing.h"

namespace dimple::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Dataset named(const std::string& name, std::vector<std::string> labels, uint64_t seed) {
  Dataset set = noise_set(9, seed);
  set.name = name;
  set.labels = std::move(labels);
  return set;
}

TEST(Pool, TellsPeopleApartAndKeepsWhereRowsCameFrom) {
  Dataset a = named("a", {"happy", "sad", "neutral"}, 1), b = named("b", {"anger", "happiness", "neutral"}, 2);
  a.subject.assign(9, "p1");
  b.groups = {{"mouth", std::vector<std::string>(9, "open")}};
  copy_picture(b, 0, 1);
  for (size_t i = 0; i < b.picture_bytes(); ++i) b.pixels[i] = a.pixels[i];  // a duplicate across sets
  const Dataset pool = pool_sets({a, b});
  check(pool, "pool");
  ASSERT_EQ(pool.size(), 18u);
  EXPECT_EQ(pool.name, "a+b");
  EXPECT_THAT(pool.labels, ElementsAre("happy", "sad", "neutral", "angry"));
  EXPECT_EQ(pool.labels[static_cast<size_t>(pool.label[9])], "angry");
  EXPECT_EQ(pool.labels[static_cast<size_t>(pool.label[10])], "happy");
  EXPECT_EQ(pool.subject[0], "a/p1");
  EXPECT_EQ(pool.subject[9], "");
  EXPECT_EQ(origin_of(pool, 8), "a");
  EXPECT_EQ(origin_of(pool, 9), "b");
  EXPECT_EQ(find_group(pool, "mouth")->value[8], "");
  EXPECT_EQ(find_group(pool, "mouth")->value[9], "open");
  EXPECT_EQ(pool.duplicate_of[9], 0);
}

TEST(Pool, FillsUpColumnsThatOnlyOneSetHas) {
  Dataset a = named("a", {"happy", "sad", "neutral"}, 1), b = named("b", {"happy", "sad", "neutral"}, 2);
  b.vote_names = {"happiness", "NF"};
  b.votes.assign(18, 5);
  b.target.assign(27, 0);
  for (size_t i = 0; i < 9; ++i) b.target[i * 3] = 1;
  for (const auto& sets : {std::vector{a, b}, std::vector{b, a}}) {
    const Dataset pool = pool_sets(sets);
    check(pool, "pool");
    const size_t of_a = sets[0].name == "a" ? 1 : 10;
    EXPECT_EQ(pool.votes_of(of_a)[0], 0);
    EXPECT_EQ(pool.target_of(of_a)[1], 1.0f);  // its label, sad
  }
  a.vote_names = {"x"}, a.votes.assign(9, 1);
  EXPECT_THAT(input_error([&] { pool_sets({a, b}); }), HasSubstr("votes"));
  a.channels = 3, a.pixels.resize(a.pixels.size() * 3);
  EXPECT_THAT(input_error([&] { pool_sets({a, b}); }), HasSubstr("cannot pool b"));
}

TEST(Pool, WhatWasBadOrLeftOutComesAlongWithItsOrigin) {
  Dataset a = named("a", {"happy", "sad", "neutral"}, 1), b = named("b", {"happy", "sad", "neutral"}, 2);
  a.quarantine = {{"1.jpg", "no picture"}}, b.quarantine = {{"2.jpg", "cut short"}};
  a.left_out = {{"labelled `none`", 3}}, b.left_out = {{"labelled `none`", 4}};
  const Dataset pool = pool_sets({a, b});
  EXPECT_THAT(pool.quarantine, ElementsAre(BadFile{"a/1.jpg", "no picture"}, BadFile{"b/2.jpg", "cut short"}));
  EXPECT_THAT(pool.left_out, ElementsAre(LeftOut{"labelled `none` (a)", 3}, LeftOut{"labelled `none` (b)", 4}));
}

TEST(Pool, TwiceTheSameSetIsTwoOrigins) {
  const Dataset a = named("a", {"happy", "sad", "neutral"}, 1);
  const Dataset pool = pool_sets({a, a});
  EXPECT_EQ(origin_of(pool, 9), "a-2");
  EXPECT_EQ(pool.duplicate_of[9], 0);
}

// Nine pictures of p0, p1 and p2, all in one split.
Dataset of_three(const std::string& name, uint64_t seed, Split split) {
  Dataset set = named(name, {"happy", "sad", "neutral"}, seed);
  for (size_t i = 0; i < 9; ++i) set.subject.push_back("p" + std::to_string(i / 3));
  set.split.assign(9, split);
  return set;
}

TEST(Pool, APersonOfTwoSessionFoldersIsOnePerson) {
  Dataset pool = pool_sets({of_three("session", 1, Split::train), of_three("session", 2, Split::test)});
  EXPECT_EQ(pool.subject[0], "session/p0");
  EXPECT_EQ(pool.subject[9], "session/p0");
  EXPECT_EQ(origin_of(pool, 9), "session-2");
  EXPECT_EQ(shared_subjects(pool), 3);
  ASSERT_EQ(leaks_of(pool).size(), 1u);
  split_by_fold(pool, subject_folds(pool, 3), 3, 0);
  EXPECT_EQ(shared_subjects(pool), 0);
  EXPECT_TRUE(leaks_of(pool).empty());
}

TEST(Pool, ATestSetIsAskedWhomItHasInCommonWithTheTraining) {
  const Dataset learned = of_three("session", 1, Split::train), tested = of_three("session", 2, Split::test);
  EXPECT_EQ(people_in_common(learned, tested, -1), 3);
  EXPECT_EQ(people_in_common(learned, of_three("session", 2, Split::train), -1), 0) << "it tests no person";
  const Dataset table = of_three("table", 1, Split::validation), another = of_three("table", 2, Split::test);
  EXPECT_EQ(people_in_common(table, another, -1), 0) << "p0 of two tables may be two people";
  EXPECT_EQ(people_in_common(table, another, 0), 3);
  EXPECT_EQ(people_in_common(learned, another, -1), 0);
}

TEST(Pool, ATestSetIsAskedWhichPartOfAPoolItIs) {
  Dataset second = of_three("table", 2, Split::train);
  for (std::string& name : second.subject) name += "b";
  const Dataset pool = pool_sets({of_three("table", 1, Split::train), second, of_three("session", 3, Split::train)});
  const Dataset tested = of_three("table", 1, Split::test);
  EXPECT_EQ(people_in_common(pool, tested, -1), 0);
  EXPECT_EQ(people_in_common(pool, tested, 0), 3);
  EXPECT_EQ(people_in_common(pool, tested, 1), 0);
  EXPECT_EQ(people_in_common(pool, of_three("session", 4, Split::test), -1), 3);
}

// The small set of CK+ is cut out of the large one.
TEST(Pool, SetsThatShareTheirPeopleShareTheirNames) {
  const Dataset pool = pool_sets({of_three("cohn_kanade", 1, Split::train), of_three("ckplus", 2, Split::test)});
  EXPECT_EQ(pool.subject[0], "ckplus/p0");
  EXPECT_EQ(shared_subjects(pool), 3);
  EXPECT_EQ(shared_subjects(pool_sets({of_three("kdef", 1, Split::train), of_three("rafd", 2, Split::test)})), 0);
}

TEST(Pool, PeopleOfOnesOwnSetsAreToldApartUnlessItIsOneSet) {
  for (const char* own : {"table", "folders"}) {
    const Dataset a = of_three(own, 1, Split::train), b = of_three(own, 2, Split::test);
    EXPECT_EQ(shared_subjects(pool_sets({a, b})), 0) << own;
    EXPECT_EQ(pool_sets({a, b, a}).subject[18], std::string(own) + "/p0");
    EXPECT_EQ(pool_sets({b, a, a}).subject[18], std::string(own) + "-2/p0");
  }
}

// As caches of pools are.
TEST(Pool, APoolInAPoolKeepsWhatItKnowsOfPeople) {
  const Dataset session = of_three("session", 1, Split::train), table = of_three("table", 2, Split::train);
  const Dataset more = of_three("session", 3, Split::test), other = of_three("table", 4, Split::test);
  const Dataset pool = pool_sets({pool_sets({session, table}), more, other});
  EXPECT_EQ(pool.subject[0], "session/p0");
  EXPECT_EQ(pool.subject[9], "session+table/table/p0");
  EXPECT_EQ(pool.subject[18], "session/p0");
  EXPECT_EQ(pool.subject[27], "table/p0");
}

TEST(Pool, LoadsSetsNamedByCommasAtTheSmallestSize) {
  Dataset large = named("large", {"happy", "sad", "neutral"}, 3);
  resize_pictures(large, 12, 3);
  Dataset small = named("small", {"happy", "sad", "neutral"}, 4);
  resize_pictures(small, 6, 1);
  save_cache(temporary("large.dimpledata"), large);
  save_cache(temporary("small.dimpledata"), small);
  const Dataset pool = load_dataset(temporary("large.dimpledata") + "," + temporary("small.dimpledata"));
  EXPECT_EQ(pool.size(), 18u);
  EXPECT_EQ(pool.width, 6);
  EXPECT_EQ(pool.channels, 1);
  EXPECT_EQ(pool.sha256.size(), 64u);
  EXPECT_THAT(input_error([] { load_dataset(temporary("large.dimpledata") + ",nosuch"); }), HasSubstr("nosuch"));
}

TEST(LabelMap, RenamesJoinsAndLeavesOut) {
  Dataset set = named("a", {"contempt", "disgust", "none"}, 1);
  set.target.assign(27, 0);
  for (size_t i = 0; i < 9; ++i) set.target[i * 3] = 0.5f, set.target[i * 3 + 2] = 0.5f;
  apply_label_map(set, make_label_map({}, {"contempt=disgust", "none="}));
  check(set, "a");
  EXPECT_THAT(set.labels, ElementsAre("disgust"));
  EXPECT_EQ(set.size(), 6u);
  EXPECT_EQ(set.left_out[0], (LeftOut{"labelled `none`", 3}));
  EXPECT_EQ(set.target_of(0)[0], 1.0f);
}

TEST(LabelMap, ChoosesClassesInTheOrderAskedFor) {
  Dataset set = named("a", {"happy", "sad", "neutral"}, 1);
  apply_label_map(set, make_label_map({"Sadness", "joy"}, {}));
  EXPECT_THAT(set.labels, ElementsAre("sad", "happy"));
  EXPECT_EQ(set.label, (std::vector<int32_t>{1, 0, 1, 0, 1, 0}));
  EXPECT_EQ(set.left_out[0].pictures, 3);
}

// Three pictures with ten votes each, as FER+ has them.
Dataset voted() {
  const std::vector<int32_t> rows = {0, 1, 2};
  Dataset set = select_rows(named("a", {"happy", "sad", "neutral"}, 1), rows);
  set.vote_names = {"neutral", "happiness", "sadness", "contempt", "NF"};
  set.votes = {3, 4, 1, 0, 2,   // happy
               0, 0, 6, 4, 0,   // sad
               9, 0, 0, 1, 0};  // neutral
  return set;
}

TEST(LabelMap, VotesForClassesThatBecomeOneAreAddedUp) {
  Dataset set = voted();
  apply_label_map(set, make_label_map({}, {"happy=smile", "sad=other", "neutral=other"}));
  check(set, "a");
  EXPECT_THAT(set.vote_names, ElementsAre("other", "smile", "contempt", "NF"));
  EXPECT_EQ(set.votes, (std::vector<uint8_t>{4, 4, 0, 2, 6, 0, 4, 0, 9, 0, 1, 0}));
  set_vote_targets(set);
  EXPECT_FLOAT_EQ(set.target_of(0)[0], 0.5f);  // smile: four of the eight who named one of the two
  EXPECT_FLOAT_EQ(set.target_of(0)[1], 0.5f);
  EXPECT_FLOAT_EQ(set.target_of(1)[1], 1);
}

TEST(LabelMap, VotesForWhatIsLeftOutAreDropped) {
  for (const LabelMap& map : {make_label_map({}, {"sad="}), make_label_map({"happy", "neutral"}, {})}) {
    Dataset set = voted();
    apply_label_map(set, map);
    check(set, "a");
    EXPECT_THAT(set.vote_names, ElementsAre("neutral", "happy", "contempt", "NF"));
    EXPECT_EQ(set.votes, (std::vector<uint8_t>{3, 4, 0, 2, 9, 0, 1, 0}));
    set_vote_targets(set);
    EXPECT_FLOAT_EQ(set.target_of(0)[0], 4.0f / 7);
  }
}

// There is no such class among the labels, but people could choose it.
TEST(LabelMap, AClassMayBecomeWhatPeopleCouldChooseAnyway) {
  Dataset set = voted();
  set.votes[0] = 200, set.votes[3] = 100;
  apply_label_map(set, make_label_map({}, {"neutral=contempt"}));
  EXPECT_THAT(set.vote_names, ElementsAre("contempt", "happy", "sad", "NF"));
  EXPECT_EQ(std::vector<uint8_t>(set.votes.begin(), set.votes.begin() + 4), (std::vector<uint8_t>{255, 4, 1, 2}));
}

TEST(LabelMap, AClassNobodyAskedForMayBeEmpty) {
  Dataset set = named("a", {"happy", "sad", "neutral", "fear"}, 1);
  apply_label_map(set, make_label_map({}, {"sad=angry"}));
  EXPECT_THAT(set.labels, ElementsAre("happy", "angry", "neutral", "fear"));
}

TEST(LabelMap, TakesTimeByItsRules) {
  const auto read = [](size_t rules) {
    const auto rule = [](const std::string& i) { return "a" + i + " = 'b'\n"; };
    make_label_map({}, {write_file("long.toml", "[map]\n" + host::numbered(rules, rule))});
  };
  EXPECT_TRUE(host::grows_with(read, 500));
}

TEST(LabelMap, SaysWhatDoesNotFit) {
  Dataset set = named("a", {"happy", "sad", "neutral"}, 1);
  const auto refusal = [&](const std::vector<std::string>& labels, const std::vector<std::string>& rules) {
    return input_error([&] { apply_label_map(set, make_label_map(labels, rules)); });
  };
  EXPECT_THAT(refusal({}, {"contmpt=sad"}), HasSubstr("cannot map `contmpt`"));
  EXPECT_THAT(refusal({"happy", "fear"}, {}), HasSubstr("no picture is `fear`"));
  EXPECT_THAT(refusal({}, {write_file("map.toml", "x = 1\n")}), HasSubstr("no table [map]"));
  EXPECT_THAT(refusal({}, {write_file("map.toml", "[map\n")}), HasSubstr("line 1"));
  EXPECT_THAT(refusal({}, {write_file("map.toml", "[map]\nsad = 3\n")}), HasSubstr("`sad` is not mapped"));
  for (const char* bad : {"contempt", "=x"}) try {
      make_label_map({}, {bad});
      FAIL() << bad;
    } catch (const host::Error& error) {
      EXPECT_EQ(error.exit(), host::Exit::usage);
    }
}

TEST(LabelMap, ReadsATomlFile) {
  Dataset set = named("a", {"happy", "sad", "neutral"}, 1);
  const std::string file = write_file(
      "map.toml", "labels = [\"smile\", \"other\"]\n[map]\nhappy = \"smile\"\nsad = \"other\"\nneutral = \"other\"\n");
  apply_label_map(set, make_label_map({}, {file}));
  EXPECT_THAT(set.labels, ElementsAre("smile", "other"));
  EXPECT_EQ(set.size(), 9u);
}

}  // namespace
}  // namespace dimple::data
