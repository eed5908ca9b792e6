#include "search/requirements.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/error.h"

namespace dimple::search {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string refusal_of(const char* text) {
  try {
    parse_requirements(text);
    return "taken";
  } catch (const host::Error& e) {
    EXPECT_EQ(e.exit(), host::Exit::usage);
    return std::string(e.what()) + " | " + e.hint();
  }
}

TEST(Requirements, ReadAsAPersonWritesThem) {
  const Requirements all = parse_requirements("acc >= 0.92 and macs < 50M and int8_kb<=150 and est_ms@moto-g6 < 2.5");
  EXPECT_THAT(all,
              ElementsAre(Requirement{"acc", false, true, 0.92}, Requirement{"macs", true, false, 50e6},
                          Requirement{"int8_kb", true, true, 150}, Requirement{"est_ms@moto-g6", true, false, 2.5}));
  EXPECT_EQ(print(all[1]), "macs < 50M");
  EXPECT_EQ(print(all[0]), "acc >= 0.92");
}

TEST(Requirements, AreMetOrMissedByAShareOfTheirBound) {
  const Requirements all = parse_requirements("acc >= 0.5 and macs < 10k");
  EXPECT_TRUE(missed(all, {{"acc", 0.5}, {"macs", 9999}}).empty());
  EXPECT_EQ(total_miss(all, {{"acc", 0.5}, {"macs", 9999}}), 0);
  EXPECT_THAT(missed(all, {{"acc", 0.5}, {"macs", 10000}}), ElementsAre(all[1]));
  EXPECT_GT(total_miss(all, {{"acc", 0.5}, {"macs", 10000}}), 0);
  EXPECT_NEAR(total_miss(all, {{"acc", 0.4}, {"macs", 15000}}), 0.2 + 0.5, 1e-9);
}

TEST(Requirements, SayWhereTheyCannotBeUnderstood) {
  EXPECT_THAT(refusal_of(""), HasSubstr("nothing is required"));
  EXPECT_THAT(refusal_of("acc > 0.9 and"), HasSubstr("something is missing behind `and`"));
  EXPECT_THAT(refusal_of("acc > 0.9 or macs < 5M"), HasSubstr("behind `acc > 0.9` comes `and`, not `or`"));
  EXPECT_THAT(refusal_of("acc = 0.9"), HasSubstr("comes <, <=, > or >=, not `=`"));
  EXPECT_THAT(refusal_of("acc >= ninety"), HasSubstr("`ninety` is no number"));
  EXPECT_THAT(refusal_of("macs < 5T"), HasSubstr("`5T` is no number"));
  EXPECT_THAT(refusal_of("macs < nan"), HasSubstr("`nan` is no number"));
  EXPECT_THAT(refusal_of("mac < 5M"), HasSubstr("did you mean macs?"));
  EXPECT_THAT(refusal_of("est_ms@moto < 5"), HasSubstr("moto-g6"));
  EXPECT_THAT(refusal_of("est_ms@wasm < 5"), HasSubstr("times on wasm cannot be estimated"));
}

TEST(Requirements, ThatContradictEachOtherAreRefused) {
  EXPECT_THAT(refusal_of("macs < 5M and macs > 6M"), HasSubstr("no number meets both macs > 6M and macs < 5M"));
  EXPECT_THAT(refusal_of("macs < 5M and macs >= 5M"), HasSubstr("no number meets both"));
  EXPECT_THAT(refusal_of("acc > 1"), HasSubstr("acc is at most 1, and nothing meets acc > 1"));
  EXPECT_THAT(refusal_of("int8_kb < 0"), HasSubstr("nothing meets int8_kb < 0"));
  EXPECT_EQ(parse_requirements("macs <= 5M and macs >= 5M").size(), 2u);
}

}  // namespace
}  // namespace dimple::search
