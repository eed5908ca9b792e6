// A training that begins with weights from elsewhere.
#include <gmock/gmock.h>

#include "host/files.h"
#include "host/json.h"
#include "host/sha256.h"
#include "model/model.h"
#include "model/pth_testing.h"
#include "tests/train_verb_testing.h"

namespace dimple::tests {
namespace {

using testing::HasSubstr;

TEST_F(TrainVerb, BeginsWithTheWeightsOfAnotherRunAndKeepsItsBodyStill) {
  ASSERT_EQ(run(command("--name first --epochs 1 2>&1")).exit, 0);
  const std::string weights = (folder_ / "train" / "first" / "weights" / "last.safetensors").string();
  const auto result = run(command("--name second --epochs 1 --init " + weights + " --freeze body 2>&1"));
  EXPECT_EQ(result.exit, 0) << result.output;
  EXPECT_THAT(result.output, HasSubstr("layers by name"));
  EXPECT_TRUE(fs::exists(folder_ / "train" / "second" / "init.json"));
  const auto lock = host::parse_json(host::read_text(folder_ / "train/second/data.lock.json"), "data.lock.json");
  EXPECT_EQ(lock["init_sha256"].get<std::string>().size(), 64u);
  const auto other = run(command("--name third --epochs 1 --arch ds48 --init " + weights + " 2>&1"));
  EXPECT_EQ(other.exit, 5) << other.output;
  EXPECT_FALSE(fs::exists(folder_ / "train" / "third"));
}

// Another last layer, or no weights at all: for the network that a search has found, say, on other data.
TEST_F(TrainVerb, ReusesTheBodyOrTheStructureOfAModelFile) {
  ASSERT_EQ(run(command("--name first --epochs 1 --arch embedded3 2>&1")).exit, 0);
  const std::string file = (folder_ / "train" / "first" / "weights" / "last.safetensors").string();
  std::ofstream csv(folder_ / "three.csv");
  csv << "path,label,split\n";
  for (int i = 0; i < 60; ++i) {
    const std::string name = "p" + std::to_string(i) + ".png";
    draw(folder_ / name, i);
    csv << name << ","
        << (i % 3 == 0   ? "a"
            : i % 3 == 1 ? "b"
                         : "c")
        << ","
        << (i < 40   ? "train"
            : i < 50 ? "validation"
                     : "test")
        << "\n";
  }
  csv.close();
  const auto train_on_three = [&](const std::string& more) {
    return run(kLab + " train " + (folder_ / "three.csv").string() + " --runs " + folder_.string() +
               " --threads 1 --epochs 1 --batch 20 --arch " + file + " " + more + " 2>&1");
  };
  const auto refused = train_on_three("--name refused");
  EXPECT_EQ(refused.exit, 5) << refused.output;
  EXPECT_THAT(refused.output, HasSubstr("--reuse body gives it another last layer"));
  const auto before = model::load_model(file).graph.constants;
  for (const char* reuse : {"body", "structure"}) {
    const auto result = train_on_three("--reuse " + std::string(reuse) + " --learning-rate 1e-9 --name " + reuse);
    ASSERT_EQ(result.exit, 0) << result.output;
    const model::Model after = model::load_model((folder_ / "train" / reuse / "weights" / "last.safetensors").string());
    EXPECT_EQ(after.labels.size(), 3u);
    EXPECT_EQ(after.graph.type_of(after.graph.output()).shape.channels, 3);
    const float was = before.at("conv2d_1.weight").as<float>()[0],
                is = after.graph.constants.at("conv2d_1.weight").as<float>()[0];
    if (reuse == std::string("body"))
      EXPECT_NEAR(is, was, 1e-4);
    else
      EXPECT_GT(std::abs(is - was), 1e-4);
  }
  EXPECT_EQ(run(command("--reuse body 2>&1")).exit, 2);
  // The members of a study too; their results name the file by checksum.
  const auto study = train_on_three("--seeds 1 --reuse structure --name study");
  ASSERT_EQ(study.exit, 0) << study.output;
  const host::Json member =
      host::parse_json(host::read_text(folder_ / "study" / "seed=1.json"), "the result of a study's member");
  EXPECT_EQ(member["circumstances"]["init"], "sha256 " + host::sha256_file(file));
}

// A stranger's file is read, never run: what no state dict needs is refused before there is a run folder.
TEST_F(TrainVerb, WeightsThatWouldRunSomethingAreRefused) {
  namespace pickled = model::pickled;
  const fs::path weights = folder_ / "evil.pth", trace = folder_ / "trace";
  const std::string call =
      pickled::global("os", "system") + pickled::tuple(pickled::text("touch " + trace.string())) + "R";
  for (const auto& [evil, why] : {std::pair<std::string, const char*>{call, "it wants os.system"},
                                  {"\x81", "its pickle has the instruction 0x81"}}) {
    const std::string pickle = pickled::whole(pickled::dict({{"a", evil}}));
    host::write_atomic(weights, model::stored_zip({{"net/data.pkl", pickle}}));
    const auto result = run(command("--name evil --epochs 1 --init " + weights.string() + " 2>&1"));
    EXPECT_EQ(result.exit, 5) << result.output;
    EXPECT_THAT(result.output, HasSubstr(weights.string() + ": " + why));
    EXPECT_FALSE(fs::exists(folder_ / "train")) << why;
  }
  EXPECT_FALSE(fs::exists(trace));
}

TEST_F(TrainVerb, HeadFirstMovesTheBodyAfterItsEpochs) {
  const std::string small = "--arch embedded3 --batch 20 --name ";
  const auto weights = [&](const std::string& name) {
    return (folder_ / "train" / name / "weights" / "last.safetensors").string();
  };
  ASSERT_EQ(run(command(small + "first --epochs 1 2>&1")).exit, 0);
  const auto before = model::load_model(weights("first")).graph.constants;
  for (const int epochs : {1, 2}) {
    const std::string name = "onwards" + std::to_string(epochs);
    const auto result = run(command(small + name + " --epochs " + std::to_string(epochs) +
                                    " --freeze head-first --head-epochs 1 --init " + weights("first") + " 2>&1"));
    ASSERT_EQ(result.exit, 0) << result.output;
    const auto after = model::load_model(weights(name)).graph.constants;
    EXPECT_NE(after.at("dense_1.weight"), before.at("dense_1.weight")) << name;
    for (const char* body : {"conv2d_1.weight", "batch_norm_1.weight", "conv2d_2.weight", "conv2d_3.bias"})
      EXPECT_EQ(after.at(body) == before.at(body), epochs == 1) << body << ", epochs: " << epochs;
  }
}

}  // namespace
}  // namespace dimple::tests
