#include "host/fields.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <map>

#include "host/files.h"

namespace dimple::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Blur {
  float chance = 0.25f;
  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("chance", self.chance, "how often");
  }
};

struct Request {
  std::vector<std::string> sources;
  std::string model = "dimple-nano";
  float min_score = 0.45f;
  int epochs = 60;
  uint64_t seed = 1;
  bool detect = true;
  std::optional<int> limit;
  Blur blur;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("sources", self.sources, "what to look at");
    f("model", self.model, "which network");
    f("min_score", self.min_score, "below this the answer is `unsure`");
    f("epochs", self.epochs, "how often all is seen");
    f("seed", self.seed, "of every random choice");
    f("detect", self.detect, "look for faces first");
    f("limit", self.limit, "stop after so many");
    f("blur", self.blur);
  }
};

class Fields : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(config_); }

  void set(const std::string& toml, std::map<std::string, std::string> environment,
           std::vector<std::pair<std::string, std::vector<std::string>>> flags) {
    Settings settings{"", "predict", {}, std::move(flags)};
    if (!toml.empty()) {
      write_atomic(config_, toml);
      settings.config_path = config_;
    }
    settings.environment = [environment](const char* name) {
      const auto found = environment.find(name);
      return found == environment.end() ? nullptr : found->second.c_str();
    };
    std::vector<Field> fields = fields_of(request_);
    apply_settings(fields, settings);
    given_.clear();
    for (const Field& field : fields)
      if (field.given) given_.push_back(field.name);
  }

  // "what / hint" of the usage error, or "" when there was none.
  std::string complaint(const std::string& toml, std::map<std::string, std::string> environment,
                        std::vector<std::pair<std::string, std::vector<std::string>>> flags) {
    try {
      set(toml, std::move(environment), std::move(flags));
    } catch (const Error& error) {
      EXPECT_EQ(error.exit(), Exit::usage);
      return std::string(error.what()) + " / " + error.hint();
    }
    return "";
  }

  const std::string config_ =
      (std::filesystem::temp_directory_path() / ("dimple-fields-" + std::to_string(::getpid()) + ".toml")).string();
  Request request_;
  std::vector<std::string> given_;
};

// What equals the default was given all the same.
TEST_F(Fields, WhatWasGivenIsKnown) {
  set("model = 'dimple-nano'\n[blur]\nchance = 0.5", {{"DIMPLE_EPOCHS", "7"}}, {{"seed", {"3"}}});
  EXPECT_EQ(given_, (std::vector<std::string>{"model", "epochs", "seed", "blur.chance"}));
  set("", {}, {});
  EXPECT_TRUE(given_.empty());
}

TEST_F(Fields, FlagsWeighMoreThanTheEnvironmentAndThatMoreThanTheFile) {
  set("min_score = 0.1\nepochs = 1\nseed = 1", {{"DIMPLE_EPOCHS", "2"}, {"DIMPLE_SEED", "2"}}, {{"seed", {"3"}}});
  EXPECT_FLOAT_EQ(request_.min_score, 0.1f);
  EXPECT_EQ(request_.epochs, 2);
  EXPECT_EQ(request_.seed, 3u);
  EXPECT_EQ(request_.model, "dimple-nano");
}

TEST_F(Fields, EveryTypeCanBeSetFromEverywhere) {
  set("sources = ['a', 'b']\ndetect = false\nlimit = 4\nmodel = 'x'", {}, {});
  EXPECT_THAT(request_.sources, ElementsAre("a", "b"));
  EXPECT_FALSE(request_.detect);
  EXPECT_EQ(request_.limit, 4);
  set("", {{"DIMPLE_DETECT", "yes"}, {"DIMPLE_SOURCES", "c"}}, {{"limit", {"-5"}}});
  EXPECT_TRUE(request_.detect);
  EXPECT_THAT(request_.sources, ElementsAre("c"));
  EXPECT_EQ(request_.limit, -5);
}

TEST_F(Fields, AGroupIsATableAndAPrefix) {
  set("[blur]\nchance = 0.5", {}, {});
  EXPECT_FLOAT_EQ(request_.blur.chance, 0.5f);
  set("", {{"DIMPLE_BLUR_CHANCE", "0.75"}}, {});
  EXPECT_FLOAT_EQ(request_.blur.chance, 0.75f);
  set("", {}, {{"blur.chance", {"1"}}});
  EXPECT_FLOAT_EQ(request_.blur.chance, 1);
  EXPECT_EQ(fields_of(request_).back().flag(), "--blur-chance");
}

TEST_F(Fields, ATableNamedAsTheVerbHoldsItsSettings) {
  set("[predict]\nepochs = 9\n[predict.blur]\nchance = 0.5", {}, {});
  EXPECT_EQ(request_.epochs, 9);
  EXPECT_FLOAT_EQ(request_.blur.chance, 0.5f);
}

TEST_F(Fields, AnUnknownKeyIsRefusedWithTheNearestOne) {
  EXPECT_THAT(complaint("min_scroe = 1", {}, {}),
              HasSubstr("there is no setting `min_scroe` / did you mean min_score?"));
  EXPECT_THAT(complaint("[predict]\nepoch = 1", {}, {}), HasSubstr("did you mean epochs?"));
  EXPECT_THAT(complaint("", {}, {{"modle", {"x"}}}), HasSubstr("there is no flag --modle / did you mean model?"));
  EXPECT_THAT(complaint("zzzzzz = 1", {}, {}), HasSubstr("dimple predict --help"));
}

TEST_F(Fields, AMalformedValueIsNamedWithItsPlace) {
  EXPECT_THAT(complaint("", {}, {{"min_score", {"high"}}}), HasSubstr("--min-score: `high` is not a number"));
  EXPECT_THAT(complaint("", {}, {{"min_score", {"nan"}}}), HasSubstr("is not a number"));
  EXPECT_THAT(complaint("", {{"DIMPLE_EPOCHS", "3.5"}}, {}), HasSubstr("DIMPLE_EPOCHS: `3.5` is not a whole number"));
  EXPECT_THAT(complaint("", {}, {{"epochs", {"99999999999"}}}), HasSubstr("out of range"));
  EXPECT_THAT(complaint("", {}, {{"seed", {"-1"}}}), HasSubstr("not a whole number of zero or more"));
  EXPECT_THAT(complaint("detect = 'perhaps'", {}, {}), HasSubstr("neither true nor false"));
  EXPECT_THAT(complaint("epochs = ", {}, {}), HasSubstr("line 1"));
}

TEST_F(Fields, WhatWasWrittenAsTomlReadsBackTheSame) {
  request_.sources = {"a \"quoted\" name", "b"};
  request_.min_score = 1;
  request_.limit = 7;
  request_.blur.chance = 1e-7f;
  const Request written = request_;
  request_ = {};
  set(to_toml(written), {}, {});
  EXPECT_EQ(to_json(request_), to_json(written));
}

TEST_F(Fields, AFloatIsWrittenAsItWasTyped) {
  EXPECT_EQ(to_json(request_)["min_score"].dump(), "0.45");
  EXPECT_NE(to_toml(request_).find("min_score = 0.45\n"), std::string::npos);
}

TEST_F(Fields, TellTheirDefaults) {
  const std::vector<Field> fields = fields_of(request_);
  EXPECT_EQ(fields[2].default_text, "0.45");
  EXPECT_EQ(fields[5].default_text, "true");
  EXPECT_EQ(fields[6].default_text, "");
  EXPECT_EQ(fields[2].help, "below this the answer is `unsure`");
}

}  // namespace
}  // namespace dimple::host
