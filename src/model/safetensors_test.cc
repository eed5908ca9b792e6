#include "model/safetensors.h"

#include <gtest/gtest.h>

#include <cstring>

#include "host/error.h"
#include "host/growth_testing.h"

namespace dimple::model {
namespace {

SafeTensors some_file() {
  SafeTensors file;
  file.tensors["a.weight"] = ir::make_tensor<float>(DType::f32, {2, 3}, {1, 2, 3, 4, 5, 6});
  file.tensors["a.codes"] = ir::make_tensor<int8_t>(DType::s8, {3}, {-128, 0, 127});
  file.tensors["a.bias"] = ir::make_tensor<int32_t>(DType::s32, {2}, {-7, 1 << 30});
  file.tensors["empty"] = ir::make_tensor(DType::u8, {0});
  file.tensors["scalar"] = ir::make_tensor<float>(DType::f32, {}, {0.5f});
  file.metadata = {{"k", "v"}, {"quote \" and \n", "ä"}};
  return file;
}

std::vector<uint8_t> raw_file(const std::string& header, size_t data_bytes) {
  const uint64_t length = header.size();
  std::vector<uint8_t> bytes(8 + header.size() + data_bytes);
  std::memcpy(bytes.data(), &length, 8);
  std::memcpy(bytes.data() + 8, header.data(), header.size());
  return bytes;
}

std::string refusal_of_safetensors(const std::vector<uint8_t>& bytes) {
  try {
    read_safetensors(bytes, "x.safetensors");
  } catch (const host::Error& error) {
    EXPECT_EQ(error.exit(), host::Exit::model);
    EXPECT_NE(std::string(error.what()).find("x.safetensors"), std::string::npos);
    return error.what();
  }
  return "read";
}

TEST(SafeTensors, ReadsBackWhatItWrote) {
  const SafeTensors file = some_file();
  EXPECT_EQ(read_safetensors(write_safetensors(file), "x"), file);
  EXPECT_EQ(read_safetensors(write_safetensors({}), "x"), SafeTensors{});
}

TEST(SafeTensors, AlignsEveryTensorToItsElement) {
  const auto bytes = write_safetensors(some_file());
  uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  EXPECT_EQ(length % 8, 0u);
}

TEST(SafeTensors, ReadsAFileOfTheReferenceLayout) {
  auto bytes = raw_file(R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4);
  const float one = 1;
  std::memcpy(bytes.data() + bytes.size() - 4, &one, 4);
  EXPECT_EQ(read_safetensors(bytes, "x").tensors.at("w").as<float>()[0], 1.0f);
}

TEST(SafeTensors, RefusesAFileCutAtAnyByte) {
  const auto bytes = write_safetensors(some_file());
  for (size_t length = 0; length < bytes.size(); ++length)
    EXPECT_NE(refusal_of_safetensors({bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(length)}), "read")
        << length;
}

TEST(SafeTensors, RefusesATail) {
  auto bytes = write_safetensors(some_file());
  bytes.push_back(0);
  EXPECT_NE(refusal_of_safetensors(bytes).find("belong to no tensor"), std::string::npos);
}

TEST(SafeTensors, RefusesLyingHeaders) {
  const auto says = [](const char* header, size_t data_bytes, const char* why) {
    EXPECT_NE(refusal_of_safetensors(raw_file(header, data_bytes)).find(why), std::string::npos)
        << header << ": " << refusal_of_safetensors(raw_file(header, data_bytes));
  };
  const uint64_t huge = UINT64_MAX;
  std::vector<uint8_t> bytes(16);
  std::memcpy(bytes.data(), &huge, 8);
  EXPECT_NE(refusal_of_safetensors(bytes).find("not a safetensors file"), std::string::npos);
  says("[]", 0, "not a safetensors file");
  says("{", 0, "not valid JSON");
  says("{}", 4, "belong to no tensor");
  says(R"({"a":1})", 0, "needs dtype");
  says(R"({"a":{"dtype":"F32","shape":[1]}})", 4, "needs dtype");
  says(R"({"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}})", 4, "dtype");
  says(R"({"a":{"dtype":7,"shape":[2],"data_offsets":[0,4]}})", 4, "dtype");
  says(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", 4, "impossible shape");
  says(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296,16],"data_offsets":[0,4]}})", 4, "impossible shape");
  says(R"({"a":{"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,4]}})", 4, "impossible shape");
  says(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", 4, "contradicts its shape");
  says(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", 4, "outside");
  says(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}})", 4, "outside");
  says(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4.5]}})", 4, "pair of numbers");
  says(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", 8, "gap");
  says(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
       4, "overlaps");
  says(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
       8, "twice");
  says(R"({"__metadata__":{"a":1}})", 0, "no text");
  says(R"({"__metadata__":[]})", 0, "no object");
  says(R"({"a":{"b":{"c":{"d":{"e":1}}}}})", 0, "deep");
}

std::vector<uint8_t> many_empty(size_t tensors) {
  std::string header;
  for (size_t i = 0; i < tensors; ++i)
    header += (i ? ",\"" : "{\"") + std::to_string(i) + R"(":{"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
  return raw_file(header + "}", 0);
}

TEST(SafeTensors, TakesTimeByTheNumberOfTensors) {
  const auto read = [](size_t tensors) { read_safetensors(many_empty(tensors), "x"); };
  EXPECT_TRUE(host::grows_with(read, 1000));
  const auto write = [](size_t tensors) {
    SafeTensors file;
    for (size_t i = 0; i < tensors; ++i) file.tensors[std::to_string(i)] = ir::make_tensor(DType::u8, {0});
    write_safetensors(file);
  };
  EXPECT_TRUE(host::grows_with(write, 1000));
}

TEST(SafeTensors, RefusesMoreTensorsThanAnyNetworkHas) {
  EXPECT_NE(refusal_of_safetensors(many_empty(kMaxTensors + 1)).find("more than 100000 names"), std::string::npos);
}

TEST(SafeTensors, RefusesToWriteWhatTheFormatCannotHold) {
  SafeTensors file;
  file.tensors["packed"] = ir::make_tensor(DType::b1, {32});
  EXPECT_THROW(write_safetensors(file), host::Error);
}

}  // namespace
}  // namespace dimple::model
