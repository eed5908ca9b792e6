// Processes that train together. The tests start this very program again as each of the ranks, over the loopback.
#include "train/ranks.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "host/fields.h"
#include "host/files.h"
#include "host/json.h"
#include "host/own_folder_testing.h"
#include "model/model.h"
#include "train/squares_testing.h"

namespace dimple::train {
namespace {

namespace fs = std::filesystem;

class Environment {
 public:
  explicit Environment(std::vector<std::pair<std::string, std::string>> values) : values_(std::move(values)) {
    for (const auto& [name, value] : values_) setenv(name.c_str(), value.c_str(), 1);
  }
  ~Environment() {
    for (const auto& [name, value] : values_) unsetenv(name.c_str());
  }

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

TEST(Ranks, AWorldOfOneNeedsNothing) {
  const Rank rank = rank_from_environment();
  EXPECT_EQ(rank.world, 1);
  EXPECT_TRUE(rank.leads());
}

TEST(Ranks, TorchrunMpirunAndSrunSayTheSame) {
  const Environment master({{"MASTER_ADDR", "node7"}, {"MASTER_PORT", "1234"}});
  const std::vector<std::vector<std::pair<std::string, std::string>>> starters{
      {{"RANK", "3"}, {"WORLD_SIZE", "4"}, {"LOCAL_RANK", "1"}, {"LOCAL_WORLD_SIZE", "2"}},
      {{"OMPI_COMM_WORLD_RANK", "3"},
       {"OMPI_COMM_WORLD_SIZE", "4"},
       {"OMPI_COMM_WORLD_LOCAL_RANK", "1"},
       {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"}},
      {{"SLURM_PROCID", "3"}, {"SLURM_NTASKS", "4"}, {"SLURM_LOCALID", "1"}, {"SLURM_NTASKS_PER_NODE", "2"}},
      {{"SLURM_PROCID", "3"}, {"SLURM_NTASKS", "4"}, {"SLURM_LOCALID", "1"}, {"SLURM_NNODES", "2"}}};
  for (const auto& values : starters) {
    const Environment environment(values);
    const Rank rank = rank_from_environment();
    EXPECT_EQ(rank.index, 3) << values[0].first;
    EXPECT_EQ(rank.world, 4);
    EXPECT_EQ(rank.local_index, 1);
    EXPECT_EQ(rank.local_world, 2);
    EXPECT_EQ(rank.address, "node7");
    EXPECT_EQ(rank.port, 1234);
    EXPECT_FALSE(rank.leads());
  }
}

// What takes the loopback, and divides this machine's cores.
TEST(Ranks, WithoutACountThoseOfANamedMachineAreNotTakenForNeighbours) {
  const Environment two({{"RANK", "1"}, {"WORLD_SIZE", "2"}});
  EXPECT_EQ(rank_from_environment().local_world, 2);
  for (const auto& [address, local] : {std::pair{"node7", 1}, {"127.0.0.1", 2}, {"localhost", 2}}) {
    const Environment master(std::vector<std::pair<std::string, std::string>>{{"MASTER_ADDR", address}});
    EXPECT_EQ(rank_from_environment().local_world, local) << address;
  }
  const Environment apart({{"WORLD_SIZE", ""}, {"SLURM_PROCID", "1"}, {"SLURM_NTASKS", "2"}, {"SLURM_NNODES", "2"}});
  EXPECT_THROW(rank_from_environment(), host::Error);  // no MASTER_ADDR
}

TEST(Ranks, NonsenseIsAUsageError) {
  for (const auto& [rank, world] : {std::pair{"4", "4"}, {"-1", "2"}, {"one", "2"}, {"0", "0"}}) {
    const Environment environment({{"RANK", rank}, {"WORLD_SIZE", world}});
    EXPECT_THROW(rank_from_environment(), host::Error) << rank << " of " << world;
  }
  const Environment apart({{"RANK", "0"}, {"WORLD_SIZE", "4"}, {"LOCAL_WORLD_SIZE", "2"}});
  EXPECT_THROW(rank_from_environment(), host::Error);  // no MASTER_ADDR
}

Recipe recipe_of_shares(int shares) {
  Recipe recipe = small_recipe();
  recipe.shares = shares, recipe.epochs = 3;
  return recipe;
}

model::Checkpoint checkpoint_of(const Trainer& trainer, const data::Dataset& set) {
  model::Checkpoint c;
  c.model.graph = trainer.latest(), c.model.labels = set.labels;
  c.model.preprocess.width = set.width, c.model.preprocess.height = set.height, c.model.preprocess.channels = 1;
  c.model.metadata["progress"] = host::to_json(trainer.progress()).dump();
  c.extra = trainer.state();
  return c;
}

// One rank of a test below: not a test by itself.
TEST(Rank, DISABLED_OfATestBelow) {
  const fs::path folder = std::getenv("DIMPLE_RANK_FOLDER");
  const Rank rank = rank_from_environment();
  const char* const dies_after = std::getenv("DIMPLE_RANK_DIES_AFTER");
  const data::Dataset set = squares(96);
  Session session = small_session(1);
  session.rank_timeout_s = 60;
  const auto trainer = make_trainer(small_net(set), set, recipe_of_shares(2), session, rank);
  raise(SIGPIPE);  // as when one writes to another that has just gone
  if (const std::string from = (folder / "lost").string(); host::file_exists(from)) {
    const auto saved = model::load_checkpoint(from);
    Progress at;
    host::from_json(at, host::parse_json(saved.model.metadata.at("progress"), from), from, host::Exit::model);
    trainer->restore(at, saved.extra);
  }
  int steps = 0;
  Callbacks callbacks;
  callbacks.should_stop = [&] {
    if (dies_after && rank.index == 1 && ++steps == std::atoi(dies_after)) std::_Exit(9);
    return false;
  };
  try {
    trainer->run(callbacks);
  } catch (const RankLost& e) {
    if (rank.leads()) model::save_checkpoint((folder / "lost").string(), checkpoint_of(*trainer, set));
    std::_Exit(static_cast<int>(e.exit()));
  }
  model::save_checkpoint((folder / ("rank" + std::to_string(rank.index))).string(), checkpoint_of(*trainer, set));
}

class TwoRanks : public testing::Test {
 protected:
  TwoRanks() { fs::remove_all(folder_), fs::create_directories(folder_); }

  // To their end; their exit codes.
  std::pair<int, int> run(int dies_after = 0) const {
    static int port = 16000 + static_cast<int>(getpid()) % 8000;  // below those that a system gives away by itself
    ++port;
    pid_t children[2];
    for (int rank = 0; rank < 2; ++rank) {
      children[rank] = fork();
      if (children[rank] != 0) continue;
      for (const auto& [name, value] : {std::pair{"RANK", rank}, {"WORLD_SIZE", 2}, {"MASTER_PORT", port}})
        setenv(name, std::to_string(value).c_str(), 1);
      setenv("DIMPLE_RANK_FOLDER", folder_.c_str(), 1);
      if (dies_after) setenv("DIMPLE_RANK_DIES_AFTER", std::to_string(dies_after).c_str(), 1);
      const std::string program = fs::read_symlink("/proc/self/exe");
      execl(program.c_str(), program.c_str(), "--gtest_also_run_disabled_tests",
            "--gtest_filter=Rank.DISABLED_OfATestBelow", nullptr);
      _exit(127);
    }
    int status[2];
    for (int rank = 0; rank < 2; ++rank) waitpid(children[rank], &status[rank], 0);
    const auto exit_of = [](int s) { return WIFEXITED(s) ? WEXITSTATUS(s) : -1; };
    return {exit_of(status[0]), exit_of(status[1])};
  }
  void expect_weights_of_one_process_of_two_threads(const char* rank) const {
    const auto trainer = small_trainer(squares_, recipe_of_shares(2), 2);
    trainer->run({});
    EXPECT_TRUE(model::load_checkpoint((folder_ / rank).string()).extra == trainer->state()) << rank;
  }
  // The second is lost after so many steps: the first ends with an error, and both go on from its checkpoint.
  void expect_same_bits_though_one_is_lost_after(int steps) const {
    EXPECT_EQ(run(steps), (std::pair{static_cast<int>(host::Exit::failed), 9}));
    ASSERT_TRUE(host::file_exists((folder_ / "lost").string()));
    ASSERT_EQ(run(), (std::pair{0, 0}));
    expect_weights_of_one_process_of_two_threads("rank0");
  }

  const fs::path folder_ = host::own_folder() / "ranks";
  const data::Dataset squares_ = squares(96);
};

TEST_F(TwoRanks, OfOneThreadGiveTheWeightsOfOneProcessOfTwo) {
  ASSERT_EQ(run(), (std::pair{0, 0}));
  for (const char* rank : {"rank0", "rank1"}) expect_weights_of_one_process_of_two_threads(rank);
}

TEST_F(TwoRanks, AfterOneIsLostTheOtherEndsWithAnErrorAndBothGoOnFromItsCheckpointToTheSameBits) {
  expect_same_bits_though_one_is_lost_after(4);
}

// It dies after the last step of an epoch, while the other looks at the validation pictures: that epoch is not over.
TEST_F(TwoRanks, OneThatIsLostBesideTheValidationPicturesCostsNoEpoch) {
  const auto pictures = static_cast<int>(data::rows_of(squares_, data::Split::train).size());
  const int batch = small_recipe().batch;
  expect_same_bits_though_one_is_lost_after((pictures + batch - 1) / batch);
}

TEST(Shares, NotThreadsDecideWhatIsLearned) {
  const data::Dataset set = squares(96);
  Session three = small_session(3);
  three.loader_threads = 2;
  const ir::Graph graph = small_net(set);
  const Recipe recipe = recipe_of_shares(3);
  const auto a = make_trainer(graph, set, recipe, small_session(1)), b = make_trainer(graph, set, recipe, three);
  a->run({}), b->run({});
  EXPECT_EQ(a->threads(), 1);
  EXPECT_EQ(b->threads(), 3);
  EXPECT_TRUE(a->state() == b->state());
}

}  // namespace
}  // namespace dimple::train
