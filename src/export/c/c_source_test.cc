#include "export/c/c_source.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <set>
#include <sstream>

#include "export/c/c_folder.h"
#include "export/sample_programs_testing.h"
#include "format/program_testing.h"
#include "format/reader.h"
#include "host/aligned_bytes.h"
#include "host/error.h"
#include "host/files.h"
#include "host/process.h"
#include "kernels/select.h"
#include "runtime/executor.h"
#include "target/target.h"

namespace dimple::exports {
namespace {

namespace fs = std::filesystem;

// Reads pictures from one file, writes logits and outputs to another.
constexpr const char* kManyPictures = R"(
#include <stdio.h>
#include "sample.h"

static uint8_t arena[SAMPLE_ARENA_BYTES + 1] __attribute__((aligned(16)));

int main(int argc, char** argv) {
  FILE* in = fopen(argv[argc - 2], "rb");
  FILE* out = fopen(argv[argc - 1], "wb");
  const size_t elements = SAMPLE_INPUT_HEIGHT * SAMPLE_INPUT_WIDTH * SAMPLE_INPUT_CHANNELS;
  while (fread(sample_input(arena), sizeof *sample_input(arena), elements, in) == elements) {
    if (sample_run(arena) != 0) return 1;
    fwrite(sample_logits(arena), sizeof *sample_logits(arena), SAMPLE_LOGITS, out);
    fwrite(sample_output(arena), sizeof *sample_output(arena), SAMPLE_OUTPUTS, out);
  }
  puts(sample_labels[1]);
  return sample_run(arena + 1) == 21 && fclose(out) == 0 ? 0 : 1;
}
)";

class GeneratedC : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / ("dimple-c-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  // What it printed; not a word of complaint.
  std::string run(const std::vector<std::string>& command) {
    const host::ProcessResult result = host::run_process(command, {.timeout = std::chrono::minutes(10)});
    EXPECT_EQ(result.exit_code, 0) << command[0] << ": " << result.err;
    EXPECT_EQ(result.err, "");
    return result.out;
  }
  int exit_code(const std::vector<std::string>& command) { return host::run_process(command).exit_code; }

  // The folder by its own Makefile, every warning an error and nothing else on the include path.
  void build(const std::vector<uint8_t>& program, const CChip* chip = nullptr,
             const std::vector<std::string>& more = {}) {
    save_c_folder(write_c_folder(program, "sample", chip), folder_);
    std::vector<std::string> command{"make",
                                     "-s",
                                     "-C",
                                     folder_.string(),
                                     "CFLAGS=-O1 -Wall -Wextra -pedantic -Werror",
                                     "CXXFLAGS=-O1 -Wall -Wextra -Werror"};
    command.insert(command.end(), more.begin(), more.end());
    run(command);
  }
  std::string run_its_check() { return run({path("sample"), path("test_vector.bin"), path("expected.bin")}); }

  // Its objects of kernels, and C sources as a compiler's command makes objects of them.
  std::vector<std::string> link_command(const std::vector<std::string>& compiler, const std::vector<std::string>& units,
                                        const std::string& to) {
    std::vector<std::string> link{"cc", "-o", path(to)};
    for (const std::string& unit : units) {
      std::vector<std::string> compile = compiler;
      for (const std::string& word : {std::string("-I"), path("kernels"), std::string("-c"), path(unit) + ".c",
                                      std::string("-o"), path(unit) + "." + to + ".o"})
        compile.push_back(word);
      run(compile);
      link.push_back(path(unit) + "." + to + ".o");
    }
    for (const fs::path& file : host::list_files(folder_ / "kernels"))
      if (file.extension() == ".o") link.push_back(file.string());
    return link;
  }

  std::vector<uint8_t> answers_to(const std::vector<uint8_t>& pictures) {
    host::write_atomic(path("many.c"), std::string_view(kManyPictures));
    host::write_atomic(path("pictures"), pictures);
    run(link_command({"cc", "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror"}, {"sample", "many"}, "answer"));
    EXPECT_EQ(run({path("answer"), path("pictures"), path("answers")}), "so \"so\"\n");
    return host::read_file(path("answers"));
  }

  fs::path folder_;
};

// The executor's logits and outputs for the same pictures, by the portable kernels.
std::vector<uint8_t> run_executor(const std::vector<uint8_t>& program, const std::vector<uint8_t>& pictures) {
  const host::AlignedBytes code(program);
  const Span<const uint8_t> bytes{code.data(), code.size()};
  host::AlignedBytes memory(runtime::plan_memory(format::view_program(code.data()), {}).bytes);
  dimple_session session;
  EXPECT_EQ(runtime::prepare(session, bytes, {memory.data(), memory.size()}, {}), Status::ok);
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
  build(program);
  EXPECT_THAT(run_its_check(), testing::EndsWith("as expected\n"));
  const std::vector<uint8_t> answers = answers_to(pictures);
  EXPECT_EQ(answers.size(), 20u * 3 * 5);
  EXPECT_EQ(answers, run_executor(program, pictures));
}

TEST_F(GeneratedC, GivesTheBitsOfTheExecutorForWeightsOfFewBits) {
  const std::vector<uint8_t> program = sample_few_bits_program(), pictures = integer_pictures();
  build(program);
  EXPECT_THAT(run_its_check(), testing::EndsWith("as expected\n"));
  EXPECT_EQ(answers_to(pictures), run_executor(program, pictures));
}

TEST_F(GeneratedC, GivesTheBitsOfTheExecutorForAFloatProgram) {
  const std::vector<uint8_t> program = sample_float_program(), pictures = float_pictures();
  build(program);
  EXPECT_THAT(run_its_check(), testing::EndsWith("as expected\n"));
  const std::vector<uint8_t> answers = answers_to(pictures);
  EXPECT_EQ(answers.size(), 20u * 3 * 8);
  EXPECT_EQ(answers, run_executor(program, pictures));
}

TEST_F(GeneratedC, GivesTheBitsOfTheExecutorInStripes) {
  const std::vector<uint8_t> program = sample_wide_program(true), pictures = integer_pictures();
  EXPECT_LT(dimple_arena_bytes(program.data(), static_cast<uint32_t>(program.size())), 20u * 20 * 16);
  build(program);
  EXPECT_THAT(run_its_check(), testing::EndsWith("as expected\n"));
  const std::vector<uint8_t> answers = answers_to(pictures);
  EXPECT_EQ(answers, run_executor(program, pictures));
  EXPECT_EQ(answers, run_executor(sample_wide_program(false), pictures));
}

// An integer and a float network by the kernels of a machine: its own check, which starts with `emulator`.
class GeneratedCForAChip : public GeneratedC {
 protected:
  void passes_its_check(const target::Target& chip, const std::vector<std::string>& compilers,
                        std::vector<std::string> emulator = {}) {
    for (const auto& [packed, portable] :
         {std::pair{sample_integer_program({20, 20, 1}, image::Normalise::standardise, &chip),
                    sample_integer_program()},
          std::pair{sample_few_bits_program(&chip), sample_few_bits_program()},
          std::pair{sample_float_program(&chip), sample_float_program()}}) {
      fs::remove_all(folder_);
      build(packed, std::make_unique<CChip>(CChip{chip, portable}).get(), compilers);
      std::vector<std::string> command = emulator;
      for (const char* file : {"sample", "test_vector.bin", "expected.bin"}) command.push_back(path(file));
      EXPECT_THAT(run(command), testing::EndsWith("as expected\n"));
    }
  }
};

TEST_F(GeneratedCForAChip, CallsTheKernelsOfAvx2) {
  if (!kernels::isas_here().has(kernels::Isa::avx2)) GTEST_SKIP() << "this processor lacks AVX2";
  target::Target chip;
  chip.isas = chip.isas.with(kernels::Isa::avx2), chip.compiler_flags = "-mavx2 -mfma";
  passes_its_check(chip, {});
}

TEST_F(GeneratedCForAChip, CallsTheKernelsOfNeon) {
  const target::Target chip = target::find_target("aarch64-linux");
  if (!host::find_program("aarch64-linux-gnu-g++") || !host::find_program(chip.emulator->command))
    GTEST_SKIP() << "no cross compiler or emulator";
  passes_its_check(chip, {"CC=aarch64-linux-gnu-gcc", "CXX=aarch64-linux-gnu-g++", "LDFLAGS=-static"},
                   {chip.emulator->command});
}

// There is no C library to link: firmware links the archive, which asks for nothing but what a compiler does.
TEST_F(GeneratedCForAChip, IsAnArchiveForACortexM4) {
  if (!host::find_program("arm-none-eabi-g++")) GTEST_SKIP() << "no cross compiler";
  const target::Target chip = target::find_target("mps2-an386");
  const std::vector<uint8_t> portable = sample_integer_program();
  const CChip as_chip{chip, portable};
  build(sample_integer_program({20, 20, 1}, image::Normalise::standardise, &chip), &as_chip,
        {"CC=arm-none-eabi-gcc", "CXX=arm-none-eabi-g++", "AR=arm-none-eabi-ar", "libsample.a"});
  std::istringstream undefined(run({"arm-none-eabi-nm", "--undefined-only", path("libsample.a")}));
  const std::string defined = run({"arm-none-eabi-nm", "--defined-only", path("libsample.a")});
  EXPECT_THAT(defined, testing::HasSubstr(" T conv2d_s8_cortex_m_dsp\n"));
  for (std::string line; std::getline(undefined, line);) {
    const size_t at = line.find(" U ");
    if (at == std::string::npos) continue;
    const std::string symbol = line.substr(at + 3);
    const bool of_the_compiler = symbol.starts_with("__aeabi_") || symbol.starts_with("mem");
    EXPECT_TRUE(of_the_compiler || defined.find(" T " + symbol + "\n") != std::string::npos) << symbol;
  }
}

TEST_F(GeneratedC, IsCPlusPlusAsWellAndBuildsWithCMake) {
  build(small_program());
  const std::vector<std::string> as_cpp{"c++", "-x", "c++", "-Wall", "-Wextra", "-Werror"};
  run(link_command(as_cpp, {"sample", "main"}, "as_cpp"));
  EXPECT_THAT(run({path("as_cpp"), path("test_vector.bin"), path("expected.bin")}), testing::EndsWith("as expected\n"));
  for (const std::vector<std::string>& step :
       {std::vector<std::string>{"-S", folder_.string(), "-B", path("made")}, {"--build", path("made")}}) {
    std::vector<std::string> command{"cmake"};
    command.insert(command.end(), step.begin(), step.end());
    run(command);
  }
  EXPECT_THAT(run({path("made/sample"), path("test_vector.bin"), path("expected.bin")}),
              testing::EndsWith("as expected\n"));
}

TEST_F(GeneratedC, ItsCheckSeesOtherAnswersAndBadFiles) {
  build(small_program());
  const std::string input = path("test_vector.bin"), expected = path("expected.bin");
  EXPECT_THAT(run({path("sample"), input}), testing::HasSubstr("so \"so\" "));
  std::vector<uint8_t> answers = host::read_file(expected);
  answers.back() ^= 1;
  host::write_atomic(path("other.bin"), answers);
  EXPECT_EQ(exit_code({path("sample"), input, path("other.bin")}), 1) << "one bit of the last output";
  answers.back() ^= 1;
  answers.push_back(0);
  host::write_atomic(path("other.bin"), answers);
  EXPECT_EQ(exit_code({path("sample"), input, path("other.bin")}), 1) << "more answers than inputs";
  answers.resize(answers.size() - 2);
  host::write_atomic(path("other.bin"), answers);
  EXPECT_EQ(exit_code({path("sample"), input, path("other.bin")}), 1) << "too few";
  EXPECT_EQ(exit_code({path("sample"), expected, expected}), 2) << "no whole input";
  EXPECT_EQ(exit_code({path("sample"), path("nosuch.bin")}), 2);
  EXPECT_EQ(exit_code({path("sample")}), 2);
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

// Bare compilers have these two only.
TEST(CSource, IncludesNothingOfACLibraryButStdintAndStddef) {
  for (const auto& program : {sample_integer_program(), sample_float_program()}) {
    const CSources c = write_c(program, "a");
    std::set<std::string> headers;
    std::istringstream lines(c.header + c.source);
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with("#include <")) headers.insert(line.substr(9));
    EXPECT_EQ(headers, (std::set<std::string>{"<stdint.h>", "<stddef.h>"}));
  }
}

TEST(CSource, IsTheSameEveryTime) {
  const std::vector<uint8_t> program = sample_integer_program();
  EXPECT_EQ(write_c(program, "a").source, write_c(program, "a").source);
}

TEST(CSource, WeightsOfBitsAreWords) {
  format::ProgramDraft d;
  d.header.input = d.add_tensor(DType::b1, {3, 1, 32});
  d.header.logits = d.header.output =
      d.add_step(ops::OpCode::conv2d, DType::s8, ops::Conv2d{2, {3, 1}}, {d.header.input});
  d.steps[0].types = kernels::b1_b1_s8;
  d.steps[0].weight = d.add_constant(std::vector<uint32_t>(2 * 3, 0x80000000));
  const CSources c = write_c(format::sealed(d), {"bits", {"no", "yes"}}, "bits");
  EXPECT_THAT(c.source, testing::HasSubstr("static const int32_t step0_weight[6] = {\n  (-2147483647 - 1), "));
  EXPECT_THAT(c.header, testing::HasSubstr("uint32_t* bits_input(void* arena);"));
}

TEST(CSource, WeightsOfCodesAreWordsBesideTheirCodebook) {
  format::ProgramDraft d = format::coded_draft();
  const CSources c = write_c(format::sealed(d), {"codes", {"no", "yes"}}, "codes");
  EXPECT_THAT(c.source, testing::HasSubstr("static const int32_t step0_weight[12] = {"));
  EXPECT_THAT(c.source, testing::HasSubstr("static const int8_t step0_codebook[96] = {"));
  EXPECT_THAT(c.source, testing::HasSubstr(".codebook = step0_codebook, .codebook_channels = 4,"));
  EXPECT_THAT(c.source, testing::HasSubstr("static const int8_t step1_codebook[32] = {"));
}

TEST(CSource, AsksForTheChipWhoseKernelsWantTheWeights) {
  target::Target chip;
  chip.isas = chip.isas.with(kernels::Isa::cortex_m_dsp);
  const std::vector<uint8_t> packed = sample_integer_program({20, 20, 1}, image::Normalise::standardise, &chip);
  EXPECT_THAT(write_c(packed, "a", chip.isas).kernels, testing::Contains("conv2d_s8_cortex_m_dsp"));
  try {
    write_c(packed, "a");
    FAIL() << "weights that a chip's kernels want packed";
  } catch (const host::Error& e) {
    EXPECT_EQ(e.exit(), host::Exit::usage);
    EXPECT_THAT(e.what(), testing::HasSubstr("packed for kernels that the C form was not asked for (window4x2_s16)"));
    EXPECT_THAT(e.hint(), testing::HasSubstr("--target names the chip"));
  }
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
