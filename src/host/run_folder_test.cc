#include "host/run_folder.h"

#include <gtest/gtest.h>

#include "host/error.h"

namespace dimple::host {

namespace fs = std::filesystem;

TEST(RunFolder, CountsUpAndNeverReusesAName) {
  std::string root = (fs::temp_directory_path() / "dimple-runs-XXXXXX").string();
  ASSERT_NE(::mkdtemp(root.data()), nullptr);
  EXPECT_EQ(make_run_folder("val", {root, ""}), fs::path(root) / "val" / "1");
  EXPECT_EQ(make_run_folder("val", {root, ""}), fs::path(root) / "val" / "2");
  EXPECT_EQ(make_run_folder("val", {root, "mine"}), fs::path(root) / "val" / "mine");
  EXPECT_THROW(make_run_folder("val", {root, "mine"}), Error);
  EXPECT_THROW(make_run_folder("val", {root, "../up"}), Error);
  fs::remove_all(root);
}

}  // namespace dimple::host
