// bench_chip_costs TARGET IMAGES [COSTS.json]: counts what networks take on the target's emulator, fits what its kernels
// cost, and prints how far estimates are off for networks that the fit has not seen. IMAGES is the folder that the target
// `images` fills; with COSTS.json (targets/<name>/costs.json) the rates are written there.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>

#include "host/document.h"
#include "host/error.h"
#include "host/files.h"
#include "profile/calibrate.h"

namespace dimple {
namespace {

double median_error(const std::vector<profile::EstimateError>& errors) {
  std::vector<double> sizes;
  for (const profile::EstimateError& e : errors) sizes.push_back(std::abs(e.error()));
  std::ranges::sort(sizes);
  return sizes[sizes.size() / 2];
}

void calibrate(const std::string& name, const std::string& images, const char* costs_path) {
  const target::Target target = target::find_target(name);
  std::vector<profile::CountedNet> counted;
  for (const profile::NetToCount& net : profile::nets_to_count(target)) {
    counted.push_back(profile::count_instructions(target, net.name, net.program, images, host::Task{}));
    std::cerr << fmt::format("{}: {:.0f} instructions\n", net.name, counted.back().instructions);
  }
  if (counted.size() < 2) throw host::Error(host::Exit::model, "too few networks fit " + name);
  const std::vector<profile::EstimateError> errors = profile::leave_one_out(counted);
  for (const profile::EstimateError& e : errors)
    std::cout << fmt::format("{:40} {:12.0f} {:12.0f} {:+6.1f} %\n", e.net, e.counted, e.estimated, 100 * e.error());
  std::cout << fmt::format("median error {:.1f} %\n", 100 * median_error(errors));
  if (costs_path != nullptr) host::write_atomic(costs_path, target::print_costs(profile::fit_costs(counted, name)));
}

}  // namespace
}  // namespace dimple

int main(int argc, char** argv) {
  using namespace dimple;
  if (argc < 3 || argc > 4) {
    std::cerr << "usage: bench_chip_costs TARGET IMAGES [COSTS.json]\n";
    return 2;
  }
  try {
    calibrate(argv[1], argv[2], argc > 3 ? argv[3] : nullptr);
    return 0;
  } catch (const host::Error& error) {
    std::cerr << "bench_chip_costs: " << error.what() << '\n' << error.hint() << '\n';
    return static_cast<int>(error.exit());
  }
}
