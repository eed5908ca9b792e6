#include "model/store.h"

#include <gtest/gtest.h>

#include "host/error.h"

namespace dimple::model {
namespace {

TEST(Store, EveryShippedModelOpensAndIsNotAPointerToNothing) {
  for (const std::string& name : stored_models()) {
    ASSERT_FALSE(find_stored(name).empty()) << name;
    EXPECT_FALSE(open_model(name).labels.empty()) << name;
  }
}

TEST(Store, StoredFilesAreSortedAndWhole) {
  std::string_view last;
  for (const host::EmbeddedFile& stored : stored_files()) {
    EXPECT_LT(last, stored.path);
    EXPECT_FALSE(stored.bytes.empty()) << stored.path;
    last = stored.path;
  }
}

TEST(Store, AnUnknownNameIsAModelError) {
  EXPECT_TRUE(find_stored("dimple-giant").empty());
  try {
    open_model("dimple-giant");
    FAIL();
  } catch (const host::Error& error) {
    EXPECT_EQ(error.exit(), host::Exit::model);
    EXPECT_FALSE(error.hint().empty());
  }
}

}  // namespace
}  // namespace dimple::model
