#include "profile/energy.h"

#include <algorithm>
#include <fstream>
#include <string>
#include <system_error>

namespace dimple::profile {
namespace {

namespace fs = std::filesystem;

std::optional<double> number_in(const fs::path& file) {
  std::ifstream stream(file);
  double number = 0;
  if (!(stream >> number)) return {};
  return number;
}

// intel-rapl:0, intel-rapl:1: packages; a second colon names a part of one.
bool is_package(const std::string& name) {
  return name.find("rapl:") != std::string::npos && std::ranges::count(name, ':') == 1;
}

}  // namespace

EnergyMeter::EnergyMeter(const fs::path& counters) {
  std::error_code none;
  for (fs::directory_iterator at(counters, none), end; !none && at != end; at.increment(none)) {
    if (!is_package(at->path().filename().string())) continue;
    const fs::path file = at->path() / "energy_uj";
    const std::optional<double> begin = number_in(file), range = number_in(at->path() / "max_energy_range_uj");
    if (begin && range) packages_.push_back({file, *begin, *range});
  }
}

std::optional<double> EnergyMeter::joules() const {
  if (packages_.empty()) return {};
  double sum_uj = 0;
  for (const Counter& counter : packages_) {
    const std::optional<double> now = number_in(counter.file);
    if (!now) return {};
    sum_uj += *now - counter.begin_uj + (*now < counter.begin_uj ? counter.range_uj : 0);
  }
  return sum_uj * 1e-6;
}

}  // namespace dimple::profile
