// What this machine draws, where it counts that itself: Linux shows the counters of the processor's packages as files
// (powercap, RAPL). Most of the time only root may read them, and virtual machines have none.
#pragma once
#include <filesystem>
#include <optional>
#include <vector>

namespace dimple::profile {

inline constexpr const char* kEnergyCounters = "/sys/class/powercap";

class EnergyMeter {
 public:
  // Begins to count, if it can.
  explicit EnergyMeter(const std::filesystem::path& counters = kEnergyCounters);
  // Of all packages, since it was made; nothing where one of them cannot be read. A counter that has begun anew once is
  // allowed for: that takes it a minute at the least.
  std::optional<double> joules() const;

 private:
  struct Counter {
    std::filesystem::path file;
    double begin_uj = 0, range_uj = 0;
  };
  std::vector<Counter> packages_;
};

}  // namespace dimple::profile
