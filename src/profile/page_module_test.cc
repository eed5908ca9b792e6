// A page's module for known programs (dimple_firmware_forms): it holds the kernels that they use and no others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/status.h"
#include "compile/lower.h"
#include "compile/metadata.h"
#include "host/files.h"
#include "host/process.h"
#include "ir/initialise.h"
#include "model/store.h"
#include "zoo/ds48.h"

namespace dimple::profile {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// Opens the program in the module for the shipped reader and runs it once, in Node.
host::ProcessResult run_in_reader_web(const std::vector<uint8_t>& program, size_t input_bytes) {
  const fs::path folder = fs::path(testing::TempDir()) / ("dimple-page-" + std::to_string(::getpid()));
  host::make_folder(folder);
  host::write_atomic(folder / "program", program);
  host::write_atomic(folder / "input", std::vector<uint8_t>(input_bytes));
  const host::ProcessResult ran =
      host::run_process({"env", "DIMPLE_WEB_MODULE=" DIMPLE_BUILD_DIR "/images/wasm/reader_web.wasm", "node",
                         DIMPLE_SOURCE_DIR "/bench/peers/dimple_web/dimple_web_peer.mjs", (folder / "program").string(),
                         (folder / "input").string()});
  fs::remove_all(folder);
  return ran;
}

TEST(PageModule, OfTheShippedReaderRunsIt) {
  const model::Model reader = model::open_model("dimple-nano");
  const auto input_bytes = static_cast<size_t>(reader.graph.input.shape.elements());  // one for each code
  const host::ProcessResult ran = run_in_reader_web(compile::plan(reader), input_bytes);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("ready Dimple"));
}

TEST(PageModule, RefusesAProgramWithOtherOperators) {
  ir::Graph graph = zoo::make(zoo::Ds48{});
  ir::initialise(graph, 5);
  const host::ProcessResult ran = run_in_reader_web(compile::plan(graph), 4);
  EXPECT_NE(ran.exit_code, 0);
  EXPECT_THAT(ran.err, HasSubstr("dimple_open: " + std::to_string(static_cast<int>(Status::no_kernel))));
}

}  // namespace
}  // namespace dimple::profile
