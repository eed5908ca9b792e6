#include "workflow/found_models.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "host/error.h"
#include "host/files.h"
#include "ir/builder.h"
#include "ir/initialise.h"
#include "model/model.h"

namespace dimple::workflow {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class FoundModels : public testing::Test {
 protected:
  FoundModels() : runs_(fs::path(testing::TempDir()) / ("dimple-found-" + std::to_string(::getpid()))) {
    fs::remove_all(runs_);
  }
  ~FoundModels() override { fs::remove_all(runs_); }

  std::string leave_model(const std::string& file, const std::string& metrics = {}) {
    ir::Builder g("tiny", {8, 8, 1});
    model::Model m;
    m.graph = g.finish(g.dense(g.global_average_pool(g.conv(g.input(), 2)), 2, "last"));
    ir::initialise(m.graph, 1);
    m.labels = {"a", "b"}, m.preprocess.width = m.preprocess.height = 8, m.preprocess.channels = 1;
    if (!metrics.empty()) m.metadata["metrics"] = metrics;
    fs::create_directories((runs_ / file).parent_path());
    model::save_model((runs_ / file).string(), m);
    return (runs_ / file).string();
  }
  void leave(const std::string& file, const std::string& text) { host::write_atomic(runs_ / file, text); }

  fs::path runs_;
};

TEST_F(FoundModels, AreWhatSearchesTrainingsAndCompressionsLeft) {
  EXPECT_THAT(found_models(runs_), ElementsAre());
  const std::string small = leave_model("compress/1/model.safetensors");
  const std::string two = leave_model("search/2/found.safetensors"), one = leave_model("search/1/found.safetensors");
  const std::string trained = leave_model("train/mine/weights/best.safetensors");
  leave_model("train/mine/weights/last.safetensors"), leave_model("search/1/first.safetensors");
  fs::create_directories(runs_ / "train" / "began");
  EXPECT_THAT(found_models(runs_), ElementsAre(one, two, trained, small));
}

TEST_F(FoundModels, AreKnownByTheTestElseByTheValidation) {
  const auto expect = [](const std::string& file, double value, const char* on, const char* from) {
    SCOPED_TRACE(file);
    const KnownAccuracy known = accuracy_of(file);
    EXPECT_EQ(known.value, value);
    EXPECT_EQ(known.on, on);
    EXPECT_THAT(known.from, HasSubstr(from));
  };
  const std::string found = leave_model("search/1/found.safetensors");
  EXPECT_FALSE(accuracy_of(found).value);
  leave("search/1/search.json", R"({"found": {"accuracy": 0.5}})");
  expect(found, 0.5, "validation", "search.json");
  leave("search/1/search.json", R"({"found": {"accuracy": 0.5, "test_accuracy": 0.6}})");
  expect(found, 0.6, "test", "search.json");

  const std::string trained = leave_model("train/1/weights/best.safetensors", R"({"val_acc": 0.7})");
  expect(trained, 0.7, "validation", "best.safetensors");
  leave("train/1/test.json", R"({"accuracy": 0.65})");
  expect(trained, 0.65, "test", "test.json");

  const std::string small = leave_model("compress/1/model.safetensors");
  leave("compress/1/compress.json",
        R"({"stages": [{}, {"tested": false, "accuracy": 0, "validation_accuracy": 0.4}]})");
  expect(small, 0.4, "validation", "compress.json");
  leave("compress/1/compress.json",
        R"({"stages": [{}, {"tested": true, "accuracy": 0.3, "validation_accuracy": 0.4}]})");
  expect(small, 0.3, "test", "compress.json");

  expect("dimple-nano", *accuracy_of("dimple-nano").value, "test", "card");
  EXPECT_FALSE(accuracy_of(leave_model("elsewhere/net.safetensors")).value);
}

TEST_F(FoundModels, AreNotKnownByADamagedReport) {
  const std::string found = leave_model("search/1/found.safetensors");
  for (const char* text : {"", "{}", R"({"found": 3})", R"({"found": {"accuracy": "good"}})"}) {
    leave("search/1/search.json", text);
    EXPECT_THROW(accuracy_of(found), host::Error) << text;
  }
}

}  // namespace
}  // namespace dimple::workflow
