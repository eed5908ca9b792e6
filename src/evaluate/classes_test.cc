#include "evaluate/classes.h"

#include <gmock/gmock.h>

#include "host/error.h"

namespace dimple::evaluate {
namespace {

using testing::ElementsAre;
using testing::FloatNear;

std::vector<float> mapped(const std::vector<std::string>& data, const std::vector<std::string>& model,
                          const std::vector<float>& outputs) {
  std::vector<float> classes(data.size());
  ClassMap(data, model, "x").apply(outputs, classes);
  return classes;
}

TEST(ClassMap, GoesByNameNotByPlace) {
  EXPECT_THAT(mapped({"happy", "sad"}, {"sad", "angry", "happy"}, {0.2f, 0.3f, 0.5f}), ElementsAre(0.5f, 0.2f));
}

TEST(ClassMap, OtherIsWhatTheNamedOnesLeave) {
  EXPECT_THAT(mapped({"other", "happy"}, {"sad", "angry", "happy"}, {0.2f, 0.3f, 0.5f}),
              ElementsAre(FloatNear(0.5f, 1e-6f), 0.5f));
  EXPECT_THAT(mapped({"other", "happy"}, {"happy", "other"}, {0.9f, 0.1f}), ElementsAre(0.1f, 0.9f));
}

TEST(ClassMap, AnUnknownClassIsAnInputError) {
  try {
    ClassMap({"contempt"}, {"happy"}, "tiny");
    FAIL();
  } catch (const host::Error& error) {
    EXPECT_EQ(error.exit(), host::Exit::input);
    EXPECT_THAT(error.what(), testing::HasSubstr("tiny does not know the class `contempt`"));
  }
}

TEST(ClassMap, AClassMayBeLeftWithoutAnswers) {
  std::vector<float> classes(2);
  ClassMap({"contempt", "happy"}, {"happy", "sad"}, "tiny", Unknown::never_answered)
      .apply(std::vector<float>{0.3f, 0.7f}, classes);
  EXPECT_THAT(classes, ElementsAre(testing::Lt(0.0f), 0.3f));
  EXPECT_THAT(shared_classes({"contempt", "happy", "other"}, {"happy", "sad"}), ElementsAre("happy", "other"));
}

}  // namespace
}  // namespace dimple::evaluate
