#include "export/c/c_source.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <random>
#include <sstream>

#include "export/c/c_text.h"
#include "export/sample_programs_testing.h"
#include "host/error.h"
#include "host/files.h"
#include "host/process.h"

#include "runtime/dimple.h"
#include "zoo/dimple_nano.h"

namespace dimple::exports {
namespace {

namespace fs = std::filesystem;

// What a user of the generated files writes: reads pictures from one file, writes logits and outputs to another.
constexpr const char* kMain = R"(
#include <stdio.h>
#include "sample.h"

static union { uint8_t bytes[SAMPLE_ARENA_BYTES]; double align; } arena __attribute__((aligned(16)));

int main(int argc, char** argv) {
  FILE* in = fopen(argv[argc - 2], "rb");
  FILE* out = fopen(argv[argc - 1], "wb");
  const size_t elements = SAMPLE_INPUT_HEIGHT * SAMPLE_INPUT_WIDTH * SAMPLE_INPUT_CHANNELS;
  while (fread(sample_input(arena.bytes), sizeof *sample_input(arena.bytes), elements, in) == elements) {
    if (sample_run(arena.bytes) != 0) return 1;
    fwrite(sample_logits(arena.bytes), sizeof *sample_logits(arena.bytes), SAMPLE_OUTPUTS, out);
    fwrite(sample_output(arena.bytes), sizeof *sample_output(arena.bytes), SAMPLE_OUTPUTS, out);
  }
  puts(sample_labels[1]);
  return sample_run(arena.bytes + 1) == 21 && fclose(out) == 0 ? 0 : 1;
}
)";

// How this build was configured: the archive may need the runtime of a sanitizer, which its compiler's driver brings.
std::vector<std::string> link_command() {
  std::string driver = "c++";
  std::vector<std::string> flags;
  std::istringstream cache(host::read_text(fs::path(DIMPLE_BUILD_DIR) / "CMakeCache.txt"));
  for (std::string line; std::getline(cache, line);) {
    if (line.starts_with("DIMPLE_SANITIZE:STRING=") && !line.ends_with("=")) {
      flags.push_back("-fsanitize=" + line.substr(line.find('=') + 1));
    }
    if (line == "DIMPLE_COVERAGE:BOOL=ON") flags.push_back("-fprofile-instr-generate");
    if (line.starts_with("CMAKE_CXX_COMPILER:")) driver = line.substr(line.find('=') + 1);
  }
  flags.insert(flags.begin(), driver);
  return flags;
}

class GeneratedC : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / ("dimple-c-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string path(const char* name) const { return (folder_ / name).string(); }

  void run(std::vector<std::string> command) {
    const host::ProcessResult result = host::run_process(command);
    EXPECT_EQ(result.exit_code, 0) << command[0] << ": " << result.err;
    EXPECT_EQ(result.err, "");
    printed_ = result.out;
  }

  // Compiles the C form strictly, runs it on the pictures, and gives what it wrote.
  std::vector<uint8_t> run_generated(const std::vector<uint8_t>& program, const std::vector<uint8_t>& pictures) {
    save_c(write_c(program, "sample"), folder_);
    host::write_atomic(path("main.c"), std::string_view(kMain));
    host::write_atomic(path("pictures"), pictures);
    for (const char* unit : {"sample", "main"}) {
      run({"cc", "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "-I", std::string(DIMPLE_SOURCE_DIR) + "/src",
           "-c", path(unit) + ".c", "-o", path(unit) + ".o"});
    }
    std::vector<std::string> link = link_command();
    for (const std::string& word :
         {path("sample") + ".o", path("main") + ".o", std::string(DIMPLE_BUILD_DIR) + "/libdimple_device.a",
          std::string("-o"), path("sample")})
      link.push_back(word);
    run(link);
    run({path("sample"), path("pictures"), path("answers")});
    return host::read_file(path("answers"));
  }

  fs::path folder_;
  std::string printed_;
};

// The executor's logits and outputs for the same pictures.
std::vector<uint8_t> run_executor(const std::vector<uint8_t>& program, const std::vector<uint8_t>& pictures) {
  struct alignas(16) Block {
    uint8_t bytes[16];
  };
  const auto bytes = static_cast<uint32_t>(program.size());
  std::vector<Block> code(program.size() / 16 + 1), arena(dimple_memory_bytes(program.data(), bytes) / 16 + 1);
  std::memcpy(code.data(), program.data(), program.size());
  dimple_session session;
  EXPECT_EQ(dimple_open(&session, code.data(), bytes, arena.data(), static_cast<uint32_t>(arena.size() * 16)), 0);
  std::vector<uint8_t> answers;
  const uint32_t step = dimple_input(&session).bytes;
  for (size_t at = 0; at + step <= pictures.size(); at += step) {
    std::memcpy(dimple_input(&session).data, pictures.data() + at, step);
    EXPECT_EQ(dimple_run(&session), 0);
    for (const dimple_tensor_info& t : {dimple_logits(&session), dimple_output(&session)}) {
      const auto* const first = static_cast<const uint8_t*>(t.data);
      answers.insert(answers.end(), first, first + t.bytes);
    }
  }
  return answers;
}

std::vector<uint8_t> integer_pictures() {
  const std::vector<int8_t> codes = sample_codes(sample_graph(), 20);
  return {codes.begin(), codes.end()};
}

std::vector<uint8_t> float_pictures() {
  std::vector<uint8_t> bytes;
  for (const int8_t code : sample_codes(sample_graph(), 20)) {
    const float value = static_cast<float>(code) / 128;
    const auto* const first = reinterpret_cast<const uint8_t*>(&value);
    bytes.insert(bytes.end(), first, first + sizeof value);
  }
  return bytes;
}

TEST_F(GeneratedC, GivesTheBitsOfTheExecutorForAnIntegerProgram) {
  const std::vector<uint8_t> program = sample_integer_program(), pictures = integer_pictures();
  const std::vector<uint8_t> answers = run_generated(program, pictures);
  EXPECT_EQ(answers.size(), 20u * 3 * 5);
  EXPECT_EQ(answers, run_executor(program, pictures));
  EXPECT_EQ(printed_, "so \"so\"\n");
}

TEST_F(GeneratedC, GivesTheBitsOfTheExecutorForAFloatProgram) {
  const std::vector<uint8_t> program = sample_float_program(), pictures = float_pictures();
  const std::vector<uint8_t> answers = run_generated(program, pictures);
  EXPECT_EQ(answers.size(), 20u * 3 * 8);
  EXPECT_EQ(answers, run_executor(program, pictures));
}

TEST_F(GeneratedC, GivesTheBitsOfTheExecutorForANetOfTheZoo) {
  ir::Graph graph = zoo::make(zoo::DimpleNano{.classes = 3});
  ir::initialise(graph, 3);
  const std::vector<int8_t> codes = sample_codes(graph, 4);
  const std::vector<uint8_t> program =
      plan_sample(compile::quantise(graph, {.codes = codes, .scale = 1.0f / 128}), image::Normalise::offset);
  const std::vector<uint8_t> pictures(codes.begin(), codes.end());
  EXPECT_EQ(run_generated(program, pictures), run_executor(program, pictures));
}

TEST(CSource, NamesFieldsAsTheOperatorDoes) {
  const CSources c = write_c(sample_integer_program(), "two faces");
  EXPECT_EQ(c.name, "two_faces");
  EXPECT_NE(c.source.find("  .out_channels = 8,\n  .kernel_h = 3,\n"), std::string::npos);
  EXPECT_NE(c.source.find("static const int8_t step0_weight[72] = {"), std::string::npos);
  EXPECT_EQ(c.source.find("struct conv2d_attributes {"), c.source.rfind("struct conv2d_attributes {"));
  EXPECT_NE(c.header.find("#define TWO_FACES_PREPROCESS_MARGIN_PERMILLE 150\n"), std::string::npos);
  EXPECT_NE(c.header.find("extern const char* const two_faces_labels[3];"), std::string::npos);
}

TEST(CSource, IsTheSameEveryTime) {
  const std::vector<uint8_t> program = sample_integer_program();
  EXPECT_EQ(write_c(program, "a").source, write_c(program, "a").source);
}

TEST(CSource, RefusesADamagedProgram) {
  std::vector<uint8_t> program = sample_integer_program();
  program[program.size() / 2] ^= 1;
  EXPECT_THROW(write_c(program, "a"), host::Error);
  program.resize(10);
  EXPECT_THROW(write_c(program, "a"), host::Error);
  EXPECT_THROW(write_c({}, "a"), host::Error);
}

}  // namespace
}  // namespace dimple::exports
