#include "inference/network.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdio>
#include <filesystem>

#include "base/bits.h"
#include "compile/metadata.h"
#include "compile/quantise.h"
#include "format/program.h"
#include "host/files.h"
#include "ir/builder.h"
#include "ir/initialise.h"

namespace dimple::inference {
namespace {

namespace fs = std::filesystem;
using host::Error;
using host::Exit;

std::vector<int8_t> noise(size_t count, uint32_t seed) {
  std::vector<int8_t> codes(count);
  for (int8_t& code : codes) {
    seed = seed * 1664525 + 1013904223;
    code = static_cast<int8_t>(seed >> 24);
  }
  return codes;
}

model::Model float_model() {
  ir::Builder g("tiny", {12, 12, 1});
  const ir::Value x = g.relu(g.batch_norm(g.conv(g.input(), 4, {.kernel = 3, .stride = 2})));
  model::Model m;
  m.graph = g.finish(g.dense(g.global_average_pool(g.add(x, g.conv(x, 4))), 3));
  ir::initialise(m.graph, 5);
  m.labels = {"happy", "sad", "neutral"};
  m.preprocess.width = m.preprocess.height = 12;
  return m;
}

model::Model integer_model() {
  model::Model m = float_model();
  const std::vector<int8_t> pictures = noise(12 * 12 * 8, 1);
  m.graph = compile::quantise(m.graph, {pictures, image::code_scale(m.preprocess.normalise)}, {.threads = 1});
  return m;
}

class Networks : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "dimple-network-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string saved(const model::Model& m) {
    const std::string path = (folder_ / "m.safetensors").string();
    model::save_model(path, m);
    return path;
  }
  std::string saved(const std::vector<uint8_t>& program) {
    const std::string path = (folder_ / "m.dimple").string();
    host::write_atomic(path, program);
    return path;
  }

  Exit refusal_of(const std::string& path) {
    try {
      open_model(path);
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr(path));
      return error.exit();
    }
    return Exit::fine;
  }

  fs::path folder_;
};

TEST_F(Networks, EveryExecutorGivesTheSameProbabilities) {
  for (const model::Model& m : {float_model(), integer_model()}) {
    const OpenedModel opened = open_model(saved(m));
    Network program(opened, {.executor = Executor::program}), reference(opened, {.executor = Executor::reference}),
        check(opened, {.executor = Executor::check});
    for (uint32_t seed = 0; seed < 5; ++seed) {
      const std::vector<int8_t> codes = noise(12 * 12, seed);
      const std::vector<float> scores = program.read(codes);
      EXPECT_THAT(reference.read(codes),
                  testing::Pointwise(testing::FloatNear(opened.integer() ? 0.0f : 1e-5f), scores));
      EXPECT_EQ(scores, check.read(codes));
      EXPECT_NEAR(scores[0] + scores[1] + scores[2], 1, 1e-5);
    }
    ASSERT_FALSE(check.differences().empty());
    for (const LayerDifference& layer : check.differences()) {
      EXPECT_EQ(layer.different, 0) << layer.layer;
      EXPECT_GT(layer.elements, 0) << layer.layer;
    }
  }
}

TEST_F(Networks, AnAnswerThatIsNoNumberIsTheModelsFault) {
  model::Model damaged = float_model();
  damaged.graph.constants.begin()->second.as<float>()[0] = NAN;
  model::save_model((folder_ / "nan.safetensors").string(), damaged);
  const OpenedModel opened = open_model((folder_ / "nan.safetensors").string());
  Network network(opened, {.executor = Executor::program});
  try {
    network.read(noise(144, 1));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.exit(), Exit::model);
  }
}

TEST_F(Networks, AnIntegerModelKnowsThatItIsOne) {
  EXPECT_TRUE(open_model(saved(integer_model())).integer());
  EXPECT_FALSE(open_model(saved(float_model())).integer());
}

TEST_F(Networks, APlannedProgramReadsLikeItsModel) {
  const model::Model m = integer_model();
  const OpenedModel from_model = open_model(saved(m)), from_program = open_model(saved(compile::plan(m)));
  EXPECT_EQ(from_program.labels, m.labels);
  EXPECT_EQ(from_program.preprocess, m.preprocess);
  const std::vector<int8_t> codes = noise(12 * 12, 9);
  Network a(from_model, {.executor = Executor::program}), b(from_program, {.executor = Executor::program});
  EXPECT_EQ(a.read(codes), b.read(codes));
  EXPECT_THROW(Network(from_program, {.executor = Executor::check}), Error)
      << "a program has no graph to check against";
}

TEST_F(Networks, ADamagedProgramIsRefusedWhereverTheBitFlips) {
  const std::vector<uint8_t> good = compile::plan(integer_model());
  for (size_t at = 0; at < good.size(); at += 37) {
    std::vector<uint8_t> bad = good;
    bad[at] ^= 16;
    EXPECT_EQ(refusal_of(saved(bad)), Exit::model) << "byte " << at;
  }
  for (const size_t length : {size_t{0}, size_t{3}, good.size() / 2, good.size() - 1}) {
    EXPECT_EQ(refusal_of(saved({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length)})), Exit::model)
        << length;
  }
}

TEST_F(Networks, AProgramOfALaterVersionSaysSo) {
  std::vector<uint8_t> later = compile::plan(integer_model());
  ++later[offsetof(format::Header, version)];
  try {
    open_model(saved(later));
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("later version"));
  }
}

TEST_F(Networks, ARecordShowsTheLayerThatChanged) {
  model::Model m = float_model();
  const OpenedModel opened = open_model(saved(m));
  const std::vector<int8_t> codes = noise(12 * 12, 3);
  const std::string record = (folder_ / "record.safetensors").string();
  Network recorder(opened, {.executor = Executor::record});
  recorder.read(codes);
  recorder.save_record(record);

  Network same(opened, {.executor = Executor::replay, .record = record});
  same.read(codes);
  for (const LayerDifference& layer : same.differences()) EXPECT_EQ(layer.different, 0) << layer.layer;

  m.graph.constants.at("dense_1.bias").as<float>()[0] += 0.5f;
  const OpenedModel changed = open_model(saved(m));
  Network other(changed, {.executor = Executor::replay, .record = record});
  other.read(codes);
  bool after_the_change = false;
  for (const LayerDifference& layer : other.differences()) {
    after_the_change = after_the_change || layer.layer.ends_with("dense");
    EXPECT_EQ(layer.different > 0, after_the_change) << layer.layer;
  }
  EXPECT_THROW(other.read(noise(12 * 12, 4)), Error) << "another face than the one recorded";
}

TEST(Executors, AreNamedAndMisspeltOnesCorrected) {
  EXPECT_EQ(parse_executor("replay"), Executor::replay);
  EXPECT_THROW(parse_executor("chekc"), Error);
}

TEST_F(Networks, AModelThatAsksForTooMuchWorkIsRefusedAndTheLimitIsNamed) {
  const std::string program = (folder_ / "m.dimple").string();
  host::write_atomic(program, compile::plan(float_model()));
  for (const std::string& path : {saved(float_model()), program}) {
    int64_t work = 0;
    try {
      open_model(path, 1000);
    } catch (const Error& e) {
      EXPECT_EQ(e.exit(), Exit::model);
      EXPECT_THAT(e.what(), testing::HasSubstr("multiply-adds for one face, the limit is 1000"));
      ASSERT_EQ(std::sscanf(e.hint().c_str(), "--max-macs %" SCNd64 " allows it", &work), 1);
    }
    EXPECT_GT(work, 1000);
    EXPECT_THROW(open_model(path, work - 1), Error);
    EXPECT_EQ(open_model(path, work).labels.size(), 3u);
  }
}

}  // namespace
}  // namespace dimple::inference
