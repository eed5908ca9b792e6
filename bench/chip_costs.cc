// bench_chip_costs IMAGES [TARGET [COSTS.json]]: counts what networks take on the target's emulator, fits what its kernels
// cost, and prints how far estimates are off for networks that the fit has not seen, as Markdown. IMAGES is the folder that
// the target `images` fills; with COSTS.json (targets/<name>/costs.json) the rates are written there. Without a target: all
// that count, which is docs/results/estimates.md.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>

#include "host/document.h"
#include "host/error.h"
#include "host/files.h"
#include "profile/calibrate.h"
#include "target/costs.h"

namespace dimple {
namespace {

double median_error(const std::vector<profile::EstimateError>& errors) {
  std::vector<double> sizes;
  for (const profile::EstimateError& e : errors) sizes.push_back(std::abs(e.error()));
  std::ranges::sort(sizes);
  return sizes[sizes.size() / 2];
}

void calibrate(const target::Target& target, const std::string& images, const char* costs_path) {
  std::vector<profile::CountedNet> counted;
  for (const profile::NetToCount& net : profile::nets_to_count(target)) {
    counted.push_back(profile::count_instructions(target, net.name, net.program, images, host::Task{}));
    std::cerr << fmt::format("{}: {:.0f} instructions\n", net.name, counted.back().instructions);
  }
  if (counted.size() < 2) throw host::Error(host::Exit::model, "too few networks fit " + target.name);
  const std::vector<profile::EstimateError> errors = profile::leave_one_out(counted);
  std::cout << fmt::format("\n## {}: median error {:.1f} %\n\n", target.name, 100 * median_error(errors));
  std::cout << "| network | counted | estimated | error |\n|---|---|---|---|\n";
  for (const profile::EstimateError& e : errors)
    std::cout << fmt::format("| {} | {:.0f} | {:.0f} | {:+.1f} % |\n", e.net, e.counted, e.estimated, 100 * e.error());
  if (costs_path != nullptr)
    host::write_atomic(costs_path, target::print_costs(profile::fit_costs(counted, target.name)));
}

void calibrate_all(const std::string& images) {
  std::cout
      << "# Estimated instructions against counted ones\n\n"
         "Made by `bench_chip_costs IMAGES`. Instructions of one face, counted by the emulator, beside those that are "
         "estimated by rates of kernels fitted to all networks of other families: how far `dimple profile --target`, "
         "`dimple fit` and `est_ms@` can be off for a network that was never counted. A family is what begins with the "
         "same word, and all networks of bits are one: without it their kernels are guessed from other kernels, which "
         "is what their large errors show. Weights are random: instructions hardly depend on them.\n";
  for (const target::Target& target : target::targets())
    if (target::find_costs(target.name) != nullptr) calibrate(target, images, nullptr);
}

}  // namespace
}  // namespace dimple

int main(int argc, char** argv) {
  using namespace dimple;
  if (argc < 2 || argc > 4) {
    std::cerr << "usage: bench_chip_costs IMAGES [TARGET [COSTS.json]]\n";
    return 2;
  }
  try {
    if (argc == 2)
      calibrate_all(argv[1]);
    else
      calibrate(target::find_target(argv[2]), argv[1], argc > 3 ? argv[3] : nullptr);
    return 0;
  } catch (const host::Error& error) {
    std::cerr << "bench_chip_costs: " << error.what() << '\n' << error.hint() << '\n';
    return static_cast<int>(error.exit());
  }
}
