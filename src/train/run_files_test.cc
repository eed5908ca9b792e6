#include "train/run_files.h"

#include <gmock/gmock.h>

#include "host/fields.h"
#include "host/files.h"
#include "host/own_folder_testing.h"

namespace dimple::train {
namespace {

TEST(RunLog, ReadsBackWhatItWroteToTheDigit) {
  std::vector<EpochReport> epochs(2);
  epochs[0].epoch = 1, epochs[0].step = 1234567, epochs[0].train_loss = 1.0 / 3, epochs[0].lr = 2e-9;
  epochs[1].epoch = 2, epochs[1].val_acc = 2.0 / 3;
  write_results(host::own_folder(), epochs);
  const auto back = read_results(host::own_folder());
  ASSERT_EQ(back.size(), 2u);
  for (size_t i = 0; i < epochs.size(); ++i) EXPECT_EQ(host::to_json(back[i]), host::to_json(epochs[i]));
  EXPECT_THAT(host::read_text(host::own_folder() / "results.csv"), testing::HasSubstr("\n1,1234567,0,0.333333,"));
}

TEST(RunLog, ARowOfAnEarlierVersionMayHaveFewerFields) {
  host::write_atomic(host::own_folder() / "log.jsonl", std::string_view("{\"epoch\":3,\"step\":7}\n"));
  const auto epochs = read_results(host::own_folder());
  ASSERT_EQ(epochs.size(), 1u);
  EXPECT_EQ(epochs[0].step, 7);
  host::write_atomic(host::own_folder() / "log.jsonl", std::string_view("{\"epoch\":3,\"st\n"));
  EXPECT_THROW(read_results(host::own_folder()), host::Error);
  EXPECT_TRUE(read_results("/nosuch").empty());
}

}  // namespace
}  // namespace dimple::train
