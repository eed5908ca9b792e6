#include "profile/energy.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "host/files.h"

namespace dimple::profile {
namespace {

namespace fs = std::filesystem;

class Energy : public testing::Test {
 protected:
  Energy() : folder_(fs::path(testing::TempDir()) / ("dimple-energy-" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    for (const char* name : {"intel-rapl", "intel-rapl:0", "intel-rapl:0:0", "intel-rapl:1"}) {
      fs::create_directories(folder_ / name);
      host::write_atomic(folder_ / name / "max_energy_range_uj", std::string("1000000\n"));
      set(name, 900000);
    }
  }
  ~Energy() override { fs::remove_all(folder_); }
  void set(const std::string& name, int uj) {
    host::write_atomic(folder_ / name / "energy_uj", std::to_string(uj) + "\n");
  }
  fs::path folder_;
};

TEST_F(Energy, IsThatOfAllPackagesAndOfNoPartTwice) {
  const EnergyMeter meter(folder_);
  set("intel-rapl:0", 950000), set("intel-rapl:1", 910000), set("intel-rapl:0:0", 999999);
  EXPECT_NEAR(meter.joules().value_or(-1), 0.06, 1e-9);
}

TEST_F(Energy, ACounterMayBeginAnew) {
  const EnergyMeter meter(folder_);
  set("intel-rapl:0", 100000);
  EXPECT_NEAR(meter.joules().value_or(-1), 0.2, 1e-9);
}

TEST_F(Energy, IsNotKnownWithoutCounters) {
  EXPECT_FALSE(EnergyMeter(folder_ / "nosuch").joules());
  const EnergyMeter meter(folder_);
  fs::remove(folder_ / "intel-rapl:1" / "energy_uj");
  EXPECT_FALSE(meter.joules());
}

}  // namespace
}  // namespace dimple::profile
