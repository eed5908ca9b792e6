// recipes/pediatric.toml from end to end, as a researcher runs it: five backbones, trained on children, on adults or on
// both, with and without frames of a game, tested on children by ethnicity and mouth state. On miniature trees that lie
// as the real data sets do.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "host/files.h"
#include "host/json.h"
#include "media/encode.h"
#include "model/model.h"
#include "model/pth_testing.h"
#include "tests/command.h"

namespace dimple::tests {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

constexpr int kExpressions = 7;

class Pediatric : public InOwnFolder {
 protected:
  Pediatric() {
    plant_children();
    plant_adults();
    plant_game();
    plant_cafe();
  }

  // A bright bar whose place tells the expression, in noise: something that can be learned.
  void picture(const std::string& name, int expression) {
    media::Picture picture(36, 36, 3);
    for (size_t i = 0; i < picture.pixels.size(); ++i) {
      seed_ = seed_ * 1664525 + 1013904223;
      const bool bar = static_cast<int>(i / 3 % 36 / 5) == expression;
      picture.pixels[i] = static_cast<uint8_t>((bar ? 190 : 30) + (seed_ >> 27));
    }
    fs::create_directories((folder_ / name).parent_path());
    media::save_picture(folder_ / name, picture);
  }

  void plant_children() {
    const char* named[] = {"Angry", "", "Afraid", "Happy", "Sad", "", "Neutral"};
    const char* framed[] = {"angry", "disgusted", "afraid", "happy", "sad", "surprised", "neutral"};
    for (int child = 1; child <= 4; ++child)
      for (int e = 0; e < kExpressions; ++e) {
        if (*named[e]) picture(fmt::format("NIMH-ChEFS/F{:02}_{}_Direct.png", child, named[e]), e);
        picture(fmt::format("dartmouth/M{:02}/{}_frontal.png", child, framed[e]), e);
      }
  }
  void plant_adults() {
    const char* codes[] = {"AN", "DI", "AF", "HA", "SA", "SU", "NE"};
    for (int person = 1; person <= 6; ++person)
      for (int e = 0; e < kExpressions; ++e)
        picture(fmt::format("KDEF/AF{0:02}/AF{0:02}{1}S.jpg", person, codes[e]), e);
  }
  void plant_game() {
    const char* prompts[] = {"angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"};
    for (int child = 1; child <= 3; ++child) {
      const std::string session = "game/session-" + std::to_string(child);
      host::Json rounds = host::Json::array();
      for (int e = 0; e < kExpressions; ++e) {
        const std::string frame = "frames/" + std::to_string(e) + ".jpg";
        picture(session + "/" + frame, e);
        rounds.push_back({{"prompt", prompts[e]}, {"frames", {frame}}});
      }
      write(session + "/session.json", host::Json{{"format", "dimple-session"},
                                                  {"version", 1},
                                                  {"subject", "player-" + std::to_string(child)},
                                                  {"consent", "consent.json"},
                                                  {"rounds", rounds}}
                                           .dump());
      // The third guardian has changed her mind.
      write(session + "/consent.json", host::Json{{"version", 1},
                                                  {"given", true},
                                                  {"given_by", "guardian"},
                                                  {"date", "2026-03-01"},
                                                  {"purposes", {"train"}},
                                                  {"withdrawn", child == 3 ? "2026-04-01" : ""}}
                                           .dump());
    }
  }
  void plant_cafe() {
    const char* names[] = {"angry", "disgust", "fearful", "happy", "sad", "surprise", "neutral"};
    const char* people[] = {"F-AA-01", "M-AS-02", "F-EA-03", "M-LA-04", "F-SA-05"};
    int number = 9000;
    for (const char* person : people)
      for (int e = 0; e < kExpressions; ++e)
        for (const char* mouth : {"", "open"})
          picture("cafe/" + std::to_string(number++) + "-" + names[e] + mouth + "_" + person + ".jpg", e);
  }

  void write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }
  Answer in_folder(const std::string& command) const { return run_here(command + " 2>&1"); }

  uint32_t seed_ = 1;
};

TEST_F(Pediatric, TheWholeExperiment) {
  const std::string dimple = DIMPLE_PROGRAM, lab = DIMPLE_LAB_PROGRAM;
  for (const auto& [data, cache] :
       {std::pair{"NIMH-ChEFS,dartmouth", "children"}, {"KDEF", "adults"}, {"game", "game"}}) {
    const auto cached = in_folder(
        fmt::format("{} data cache {} --size 32 --channels 3 --faces whole --out {}.dimpledata", dimple, data, cache));
    ASSERT_EQ(cached.exit, 0) << cached.output;
    if (cache == std::string("game")) {
      EXPECT_THAT(cached.output, HasSubstr("withdrawn"));
    }
  }
  const std::string study = lab + " train --study " + DIMPLE_SOURCE_DIR +
                            "/recipes/pediatric.toml --test-data cafe --faces whole --size 32 --width 0.25 --batch 16 "
                            "--epochs 1 --threads 1 --out results";
  // Some of it first; the rest goes on from there.
  const auto some = in_folder(study + " --only arch=mobilenet_v2,");
  ASSERT_EQ(some.exit, 0) << some.output;
  const fs::path results = folder_ / "results";
  EXPECT_EQ(std::distance(fs::directory_iterator(results), {}), 6 + 1);  // runs and summary
  const auto rest = in_folder(study);
  ASSERT_EQ(rest.exit, 0) << rest.output;
  EXPECT_THAT(rest.output, Not(HasSubstr("arch=mobilenet_v2,")));

  int runs = 0;
  for (const char* arch :
       {"mobilenet_v2", "mobilenet_v3_small", "mobilenet_v3_large", "efficientnet_b0", "nasnet_mobile"})
    for (const char* population : {"children", "adults", "pooled"})
      for (const char* game : {"", "-and-game"}) {
        const std::string file = fmt::format("arch={},trained_on={}{}.json", arch, population, game);
        const auto run = host::parse_json(host::read_text(results / file), file);
        const auto& figures = run["figures"];
        EXPECT_EQ(figures["protocol"], "cafe") << file;
        EXPECT_EQ(figures["pictures"], 5 * kExpressions * 2) << file;
        EXPECT_EQ(figures["slices"]["ethnicity"].size(), 5u) << file;
        EXPECT_EQ(figures["slices"]["mouth"].size(), 2u) << file;
        ++runs;
      }
  EXPECT_EQ(runs, 30);
  const std::string table = host::read_text(results.string() + ".md");
  for (const char* said : {"| efficientnet_b0 | pooled-and-game |", "ethnicity", "South Asian", "mouth", "open"})
    EXPECT_THAT(table, HasSubstr(said));
  EXPECT_THAT(table, Not(HasSubstr("Failed")));

  // The same on a table of one's own: its columns are the slices.
  std::string labels = "path,label,split,glasses\n";
  for (int i = 0; i < 6; ++i) {
    picture(fmt::format("table/{}.png", i), i % 2 ? 3 : 4);
    labels += fmt::format("{}.png,{},test,{}\n", i, i % 2 ? "happy" : "sad", i < 3 ? "yes" : "no");
  }
  write("table/labels.csv", labels);
  const auto own =
      in_folder(study + "-own --test-protocol own --test-data table --only arch=mobilenet_v2,trained_on=adults");
  ASSERT_EQ(own.exit, 0) << own.output;
  const auto by =
      host::parse_json(host::read_text(folder_ / "results-own/arch=mobilenet_v2,trained_on=adults.json"), "");
  EXPECT_EQ(by["figures"]["protocol"], "own");
  EXPECT_EQ(by["figures"]["slices"]["glasses"].size(), 2u);
}

// As the recipe says it is done with ImageNet's weights at hand. Here the file has the first layer alone, all numbers
// alike, so that one sees them in what was trained: taken, and kept still while the last layer learns.
TEST_F(Pediatric, ABackboneBeginsWithAStateDict) {
  namespace pickled = model::pickled;
  const std::string dimple = DIMPLE_PROGRAM, lab = DIMPLE_LAB_PROGRAM;
  const auto cached = in_folder(
      dimple + " data cache NIMH-ChEFS,dartmouth --size 32 --channels 3 --faces whole --out children.dimpledata");
  ASSERT_EQ(cached.exit, 0) << cached.output;
  const std::vector<float> stem(8 * 3 * 3 * 3, 0.125f);
  const std::string weight = pickled::tensor({.elements = 216, .dims = {8, 3, 3, 3}, .strides = {27, 9, 3, 1}});
  const std::string pickle = pickled::whole(pickled::dict({{"features.0.0.weight", weight}}));
  host::write_atomic(folder_ / "mobilenet_v2.pth",
                     model::stored_zip({{"net/data.pkl", pickle}, {"net/data/0", pickled::bytes_of(stem)}}));

  std::string recipe = host::read_text(DIMPLE_SOURCE_DIR "/recipes/pediatric.toml");
  const auto put = [&](const std::string& line, const std::string& instead) {
    const size_t at = recipe.find("\n" + line) + 1;
    recipe.replace(at, recipe.find('\n', at) - at, instead);
  };
  put("[base]", "[base]\nfreeze = \"head-first\"");
  put("arch = [", "[[axes.arch]]\nname = \"mobilenet_v2\"\narch = \"mobilenet_v2\"\ninit = \"mobilenet_v2.pth\"");
  const std::string population = "\n[[axes.trained_on]]";
  recipe.erase(recipe.find(population, recipe.find(population) + 1));  // the first one is enough
  write("begun.toml", recipe);
  const auto study = in_folder(lab +
                               " train --study begun.toml --test-data cafe --faces whole --size 32 --width 0.25 "
                               "--batch 16 --epochs 1 --threads 1 --out results");
  ASSERT_EQ(study.exit, 0) << study.output;

  const std::string member = "arch=mobilenet_v2,trained_on=children";
  const auto result = host::parse_json(host::read_text(folder_ / "results" / (member + ".json")), member);
  EXPECT_EQ(result["settings"]["init"], "mobilenet_v2.pth");
  EXPECT_EQ(result["figures"]["pictures"], 5 * kExpressions * 2);
  const fs::path run_folder = folder_ / "runs" / "begun" / "train" / member;
  const auto init = host::parse_json(host::read_text(run_folder / "init.json"), "init.json");
  EXPECT_EQ(init["matched_by"], "name");
  EXPECT_EQ(init["layers"], 1);
  const model::Model trained = model::load_model((run_folder / "weights" / "last.safetensors").string());
  const auto kept = trained.graph.constants.at("features.0.0.weight").as<float>();
  EXPECT_EQ(std::vector<float>(kept.begin(), kept.end()), stem);
}

}  // namespace
}  // namespace dimple::tests
