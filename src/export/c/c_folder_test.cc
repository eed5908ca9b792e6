#include "export/c/c_folder.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <regex>
#include <set>

#include "export/c/kernel_sources.h"
#include "export/sample_programs_testing.h"
#include "format/reader.h"
#include "host/aligned_bytes.h"
#include "host/error.h"
#include "host/files.h"
#include "kernels/kernel.h"

namespace dimple::exports {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;

std::set<std::string> paths_of(const std::vector<CFile>& files) {
  std::set<std::string> paths;
  for (const CFile& file : files) paths.insert(file.path);
  return paths;
}

// The operators of which the folder has kernels, and those that the program's steps name.
std::set<std::string> operators_in(const std::vector<CFile>& files) {
  std::set<std::string> names;
  constexpr std::string_view kKernels = "_kernel_ref.cc";
  for (const CFile& file : files)
    if (file.path.ends_with(kKernels)) {
      const std::string name = file.path.substr(file.path.rfind('/') + 1);
      names.insert(name.substr(0, name.size() - kKernels.size()));
    }
  return names;
}
std::set<std::string> operators_in(const std::vector<uint8_t>& program) {
  const host::AlignedBytes copy(program);
  std::set<std::string> names;
  for (const format::StepRecord& step : format::view_program(copy.data()).steps)
    names.insert(ops::with_operator(static_cast<ops::OpCode>(step.op), [](auto op) { return decltype(op)::kName; }));
  return names;
}

TEST(CFolder, HasNoFileOfAnOperatorThatIsNotUsed) {
  for (const auto& program : {sample_integer_program(), sample_float_program(), small_program()})
    EXPECT_EQ(operators_in(write_c_folder(program, "sample")), operators_in(program));
  const std::set<std::string> small = paths_of(write_c_folder(small_program(), "small"));
  EXPECT_THAT(small, Contains("kernels/ops/conv2d/conv2d_kernel_ref.cc"));
  EXPECT_THAT(small, Contains("kernels/ops/call.h"));
  EXPECT_THAT(small, Contains("kernels/base/fixed_point.h"));
  EXPECT_THAT(small, Contains("kernels/LICENSE"));
  EXPECT_THAT(small, Not(Contains(HasSubstr("op_list"))));
}

TEST(CFolder, LeavesNoPlaceOfItsPatternsOpen) {
  for (const CFile& file : write_c_folder(small_program(), "small")) {
    if (file.path.starts_with("kernels/") || file.path.ends_with(".bin")) continue;
    EXPECT_THAT(file.bytes, HasSubstr("Written by Dimple")) << file.path;
    EXPECT_FALSE(std::regex_search(file.bytes, std::regex("@[A-Za-z_]+@"))) << file.path;
  }
}

TEST(CFolder, RefusesANameThatOneOfItsFilesHas) {
  for (const char* taken : {"main", "Main", "kernels", "clean", "Makefile"})
    EXPECT_THROW(write_c_folder(small_program(), taken), host::Error) << taken;
}

TEST(CFolder, OverwritesNothingThatItDidNotWrite) {
  const fs::path folder = fs::path(testing::TempDir()) / ("dimple-folder-" + std::to_string(::getpid()));
  host::make_folder(folder);
  host::write_atomic(folder / "README.md", std::string_view("# My project\n"));
  const std::vector<CFile> files = write_c_folder(small_program(), "small");
  EXPECT_THROW(save_c_folder(files, folder), host::Error);
  EXPECT_EQ(host::read_text(folder / "README.md"), "# My project\n");
  EXPECT_EQ(host::list_files(folder).size(), 1u);
  fs::remove(folder / "README.md");
  save_c_folder(files, folder);
  save_c_folder(files, folder);  // its own it does
  EXPECT_EQ(host::list_files(folder).size(), files.size());
  fs::remove_all(folder);
}

TEST(KernelSources, EveryKernelThatAnyMachineHasIsCarriedWithAllItIncludes) {
  for (const kernels::KernelInfo& kernel : kernels::all_kernels()) {
    const std::set<std::string> sources = kernel_sources({kernel.name});
    EXPECT_EQ(std::ranges::count_if(sources, [](const std::string& path) { return path.ends_with(".cc"); }), 1)
        << kernel.name;
    EXPECT_THAT(sources, Contains("ops/call.h")) << kernel.name;
  }
}

TEST(KernelSources, AKernelThatIsNotThereIsNamed) {
  EXPECT_THROW(kernel_sources({"conv2d_s8_re"}), host::Error);
  EXPECT_THROW(embedded_text("src/ops/nosuch.h"), host::Error);
}

}  // namespace
}  // namespace dimple::exports
