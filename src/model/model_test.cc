#include "model/model.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/crc32.h"
#include "host/error.h"
#include "host/files.h"
#include "host/growth_testing.h"
#include "host/own_folder_testing.h"
#include "ir/builder.h"
#include "ir/initialise.h"
#include "ir/packed_weight.h"
#include "ir/text.h"
#include "model/labels.h"
#include "model/preprocessing.h"
#include "model/state_dict.h"

namespace dimple::model {
namespace {

Model tiny() {
  ir::Builder g("tiny", {8, 8, 1});
  auto x = g.relu(g.conv(g.input(), 2, {.stride = 2}));
  Model model;
  model.graph = g.finish(g.dense(g.global_average_pool(x), 3));
  ir::initialise(model.graph, 1);
  model.labels = {"happy", "sad", "neutral"};
  model.preprocess = {
      .width = 8, .height = 8, .channels = 1, .margin_permille = 100, .normalise = image::Normalise::standardise};
  model.metadata = {{"recipe", "seed = 1"}};
  return model;
}

Checkpoint tiny_checkpoint() {
  return {tiny(), {{"momentum/conv2d_1.weight", ir::make_tensor<float>(DType::f32, {2}, {1, 2})}}};
}

std::string refusal_of(std::span<const uint8_t> bytes) {
  try {
    read_checkpoint(bytes, "x");
  } catch (const host::Error& error) {
    EXPECT_EQ(error.exit(), host::Exit::model) << error.what();
    return error.what();
  }
  return "read";
}

// The file with its metadata changed by `edit`, and the checksum made to fit again: a lie, not an accident.
template <class Edit>
std::vector<uint8_t> forged(Edit&& edit, const Checkpoint& checkpoint = tiny_checkpoint()) {
  SafeTensors file = read_safetensors(write_checkpoint(checkpoint), "x");
  edit(file);
  file.metadata.erase("dimple.sha256");
  uint32_t crc = 0;
  const auto add = [&](const void* data, size_t size) { crc = crc32({static_cast<const uint8_t*>(data), size}, crc); };
  const auto add_text = [&](const std::string& text) {
    const uint64_t n = text.size();
    add(&n, 8), add(text.data(), n);
  };
  for (const auto& [key, value] : file.metadata)
    if (key != "dimple.crc32") add_text(key), add_text(value);
  for (const auto& [name, tensor] : file.tensors) {
    add_text(name);
    const uint64_t dtype = static_cast<uint64_t>(tensor.dtype), dims = tensor.dims.size();
    add(&dtype, 8), add(&dims, 8), add(tensor.dims.data(), dims * 8), add(tensor.data.data(), tensor.data.size());
  }
  char text[9];
  std::snprintf(text, sizeof text, "%08x", crc);
  file.metadata["dimple.crc32"] = text;
  return write_safetensors(file);
}

// A model of which one weight is bits and another codes.
Model packed_model() {
  Model model = tiny();
  ir::Builder g("packed", {8, 8, 1});
  model.graph = g.finish(g.dense(g.conv(g.sign(g.conv(g.input(), 32)), 3, {.name = "bits"}), 3, "codes"));
  ir::initialise(model.graph, 1);
  auto& constants = model.graph.constants;
  for (const char* node : {"bits", "codes"})
    constants[std::string(node) + ".weight_scale"] = ir::make_tensor<float>(DType::f32, {3}, {1, 2, 3});
  model.graph = ir::with_packed_signs(model.graph);
  constants["codes.weight"] = ir::make_tensor(DType::c5, constants.at("codes.weight").dims);
  constants["codes.codebook"] = ir::make_tensor(DType::f32, {1, 32});
  return model;
}

TEST(ModelFile, KeepsPackedWeightsPacked) {
  const Checkpoint checkpoint{packed_model(), {}};
  ASSERT_EQ(checkpoint.model.graph.constants.at("bits.weight").dtype, DType::b1);
  const std::vector<uint8_t> bytes = write_checkpoint(checkpoint);
  EXPECT_EQ(read_checkpoint(bytes, "x"), checkpoint);
  EXPECT_EQ(read_safetensors(bytes, "x").tensors.at("bits.weight").dims, std::vector<int64_t>{3 * 9 * 32 / 8});
}

TEST(ModelFile, RefusesPackedWeightsThatAreDescribedWrongly) {
  const Checkpoint checkpoint{packed_model(), {}};
  for (const char* lie :
       {R"({"bits.weight":["b1",[3,3,3,64]]})", R"({"bits.weight":["b2",[3,3,3,32]]})", R"({"bits.weight":["b1",[]]})",
        R"({"bits.weight":"b1"})", R"({"none":["b1",[32]]})", R"({"bits.weight":["b1",[-3,3,3,32]]})",
        R"({"bits.weight":["b1",[9e9,3,3,32]]})", R"({"bits.bias":["b1",[3]]})", "[]", "{", "{}"}) {
    SCOPED_TRACE(lie);
    EXPECT_NE(refusal_of(forged([&](SafeTensors& file) { file.metadata["dimple.packed"] = lie; }, checkpoint)), "read");
  }
}

TEST(ModelFile, ReadsBackWhatItWrote) {
  const Checkpoint checkpoint = tiny_checkpoint();
  EXPECT_EQ(read_checkpoint(write_checkpoint(checkpoint), "x"), checkpoint);
}

TEST(ModelFile, ACheckpointIsAModelToo) {
  const std::string path = (host::own_folder() / "tiny.safetensors").string();
  save_checkpoint(path, tiny_checkpoint());
  EXPECT_EQ(load_model(path), tiny());
  EXPECT_EQ(load_checkpoint(path), tiny_checkpoint());
  save_model(path, tiny());
  EXPECT_TRUE(load_checkpoint(path).extra.empty());
}

TEST(ModelFile, NoFlippedBitChangesWhatIsRead) {
  const Checkpoint checkpoint = tiny_checkpoint();
  const auto whole = write_checkpoint(checkpoint);
  size_t refused = 0;
  for (size_t i = 0; i < whole.size(); ++i) {
    auto bytes = whole;
    bytes[i] ^= static_cast<uint8_t>(1u << (i % 8));
    try {
      const Checkpoint read = read_checkpoint(bytes, "x");
      // What survives is white space, or the name of a checksum that then counts as a free key.
      EXPECT_EQ(read.model.graph, checkpoint.model.graph) << i;
      EXPECT_EQ(read.model.labels, checkpoint.model.labels) << i;
      EXPECT_EQ(read.model.preprocess, checkpoint.model.preprocess) << i;
      EXPECT_EQ(read.extra, checkpoint.extra) << i;
    } catch (const host::Error& error) {
      EXPECT_EQ(error.exit(), host::Exit::model);
      ++refused;
    }
  }
  EXPECT_GT(refused, whole.size() - 24);
}

TEST(ModelFile, IsRefusedWhenCutAtAnyByte) {
  const auto whole = write_checkpoint(tiny_checkpoint());
  for (size_t length = 0; length < whole.size(); ++length)
    EXPECT_NE(refusal_of(std::span(whole).first(length)), "read");
}

TEST(ModelFile, OfALaterVersionSaysSo) {
  const auto bytes = forged([](SafeTensors& file) { file.metadata["dimple.version"] = "2"; });
  EXPECT_NE(refusal_of(bytes).find("later version of Dimple"), std::string::npos);
  EXPECT_NE(refusal_of(forged([](SafeTensors& f) { f.metadata["dimple.version"] = "99999999999999999999"; })), "read");
  EXPECT_NE(refusal_of(forged([](SafeTensors& f) { f.metadata["dimple.version"] = "0"; })), "read");
}

TEST(ModelFile, FromElsewhereIsToldApart) {
  EXPECT_NE(refusal_of(write_safetensors({})).find("dimple.version"), std::string::npos);
}

TEST(ModelFile, RefusesWhatDoesNotFitTogether) {
  const auto says = [](auto&& edit, const char* why) {
    EXPECT_NE(refusal_of(forged(edit)).find(why), std::string::npos) << refusal_of(forged(edit));
  };
  EXPECT_EQ(refusal_of(forged([](SafeTensors&) {})), "read");
  says([](SafeTensors& f) { f.metadata["dimple.labels"] = R"(["happy","sad"])"; }, "labels");
  says([](SafeTensors& f) { f.metadata["dimple.labels"] = R"(["happy","sad","happiness"])"; }, "twice");
  says([](SafeTensors& f) { f.metadata["dimple.labels"] = "7"; }, "no list");
  says([](SafeTensors& f) { f.metadata["dimple.graph"] = "graph"; }, "graph");
  says([](SafeTensors& f) { f.metadata["dimple.preprocess"] = "{}"; }, "width");
  says(
      [](SafeTensors& f) {
        image::Preprocess other = tiny().preprocess;
        other.width = 9;
        f.metadata["dimple.preprocess"] = print_preprocess(other);
      },
      "its graph reads 8x8x1");
  says([](SafeTensors& f) { f.metadata["dimple.future"] = "x"; }, "dimple.future");
  says([](SafeTensors& f) { f.tensors["stray.weight"] = ir::make_tensor(DType::f32, {1}); }, "belongs to no node");
  says([](SafeTensors& f) { f.tensors.begin()->second = ir::make_tensor(DType::f32, {5}); }, "elements");
  says([](SafeTensors& f) { f.tensors.erase(f.tensors.begin()); }, "has no");
}

TEST(ModelFile, DamageIsCalledDamage) {
  SafeTensors file = read_safetensors(write_checkpoint(tiny_checkpoint()), "x");
  file.tensors.begin()->second.data.data()[0] ^= std::byte{1};
  EXPECT_NE(refusal_of(write_safetensors(file)).find("damaged"), std::string::npos);
}

TEST(ModelFile, AMissingOrTextFileIsAModelError) {
  try {
    load_model("/nonexistent/x.safetensors");
    FAIL();
  } catch (const host::Error& error) {
    EXPECT_EQ(error.exit(), host::Exit::model);
  }
  const std::string text = "just a text file, longer than eight bytes";
  EXPECT_NE(refusal_of({reinterpret_cast<const uint8_t*>(text.data()), text.size()}), "read");
}

TEST(ModelFile, AFailedSaveLeavesTheOldFileInPlace) {
  const std::string path = (host::own_folder() / "kept.safetensors").string();
  save_model(path, tiny());
  Model broken = tiny();
  broken.labels.pop_back();
  EXPECT_THROW(save_model(path, broken), host::Error);
  EXPECT_EQ(load_model(path), tiny());
}

// Sparse files of 4 GiB take no room on the disk.
TEST(ModelFile, IsRefusedForItsSizeBeforeItIsRead) {
  for (const char* name : {"huge.safetensors", "huge.pth"}) {
    const std::string path = (host::own_folder() / name).string();
    host::write_atomic(path, std::string_view("PK"));
    std::filesystem::resize_file(path, uint64_t{4} << 30);
    const uint64_t bytes = host::bytes_asked_by([&] {
      EXPECT_THROW(load_model(path), host::Error);
      EXPECT_THROW(load_state_dict(path), host::Error);
    });
    EXPECT_LT(bytes, 1u << 20);
  }
}

TEST(Preprocessing, ReadsBackWhatItWrote) {
  const image::Preprocess how = tiny().preprocess;
  EXPECT_EQ(parse_preprocess(print_preprocess(how), "x"), how);
  EXPECT_NE(print_preprocess(how).find("\"standardise\""), std::string::npos);
}

TEST(Preprocessing, RefusesWhatItDoesNotKnow) {
  const std::string good = print_preprocess({});
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  for (const std::string& bad : {with("\"offset\"", "\"whiten\""), with("\"width\":48", "\"width\":0"),
                                 with("\"width\":48", "\"width\":4294967344"), with("\"width\":48", "\"width\":\"48\""),
                                 with("{", "{\"align\":1,"), std::string("[]"), std::string("{")})
    EXPECT_THROW(parse_preprocess(bad, "x"), host::Error) << bad;
}

}  // namespace
}  // namespace dimple::model
