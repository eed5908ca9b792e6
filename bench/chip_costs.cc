// bench_chip_costs IMAGES [TARGET...] [--keep FOLDER] [--seconds 0.2] [--write targets]: what kernels cost on targets, and how
// far estimates are off for networks that a fit has not seen, as Markdown. Instructions are counted on emulators by the
// images of the target `images`; for `host`, or one level of it (host/avx2), times are measured here. --keep goes on from what
// it counted before, --write puts the rates into targets/<name>/. Without a target: all, which is
// docs/results/estimates.md.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "host/error.h"
#include "host/files.h"
#include "kept_counts.h"
#include "kernels/select.h"
#include "profile/calibrate.h"
#include "target/costs.h"

namespace dimple {
namespace {

struct Request {
  std::string images, keep, write;
  double seconds = 0.2;  // of each network on this machine, and as long again for its layers
  std::vector<std::string> targets;
};

constexpr const char* kHeader = R"(# Estimates against counts and measurements

Made by `bench_chip_costs IMAGES`. Instructions of one face, counted by the emulator, and of levels of `host` nanoseconds that were
measured, beside those that are estimated by rates of kernels fitted to all networks of other families: how far `dimple profile
--target`, `dimple fit` and `est_ms@` can be off for a network that was never counted. A family is what begins with the same word,
and all networks of bits are one: without it their kernels are guessed from other kernels, which is what their large errors show.
Weights are random: instructions hardly depend on them.
)";
constexpr const char* kUsage =
    "usage: bench_chip_costs IMAGES [TARGET...] [--keep FOLDER] [--seconds 0.2] [--write targets]";

Request parse(const std::vector<std::string>& words) {
  Request request;
  std::vector<std::string> names;
  for (size_t i = 0; i < words.size(); ++i) {
    if (!words[i].starts_with("--")) {
      names.push_back(words[i]);
      continue;
    }
    if (i + 1 == words.size()) throw host::Error(host::Exit::usage, words[i] + " needs a value", kUsage);
    const std::string& value = words[++i];
    if (words[i - 1] == "--keep")
      request.keep = value;
    else if (words[i - 1] == "--write")
      request.write = value;
    else if (words[i - 1] == "--seconds")
      request.seconds = std::atof(value.c_str());
    else
      throw host::Error(host::Exit::usage, "there is no " + words[i - 1], kUsage);
  }
  if (names.empty()) throw host::Error(host::Exit::usage, "IMAGES is missing", kUsage);
  if (!(request.seconds > 0)) throw host::Error(host::Exit::usage, "--seconds must be above 0", kUsage);
  request.images = names[0];
  request.targets.assign(names.begin() + 1, names.end());
  return request;
}

// Those of this machine, each as a target of its own.
std::vector<target::Target> levels_here() {
  std::vector<target::Target> levels;
  for (const kernels::Isa level : kernels::kIsas) {
    target::Target host = target::find_target("host");
    if (!host.isas.has(level)) continue;
    host.isas = up_to(level, host.isas);
    host.name += std::string("/") + kernels::name_of(level);
    levels.push_back(std::move(host));
  }
  return levels;
}

std::vector<target::Target> wanted(const Request& request) {
  std::vector<target::Target> found;
  const std::vector<target::Target> levels = levels_here();
  const auto asked = [&](const std::string& name) {
    return request.targets.empty() || std::ranges::find(request.targets, name) != request.targets.end();
  };
  for (const target::Target& target : target::targets())
    if (request.targets.empty() ? target.emulator && target::find_costs(target.name) != nullptr
                                : asked(target.name) && !target.here)
      found.push_back(target);
  for (const target::Target& level : levels)
    if (asked("host") || asked(level.name)) found.push_back(level);
  for (const std::string& name : request.targets)
    if (name != "host" && std::ranges::find(found, name, &target::Target::name) == found.end())
      throw host::Error(host::Exit::usage, fmt::format("there is no target {} on this machine", name), kUsage);
  return found;
}

std::vector<profile::CountedNet> count(const target::Target& target, const Request& request) {
  std::vector<profile::CountedNet> counted;
  for (const profile::NetToCount& net : profile::nets_to_count(target)) {
    counted.push_back(kept_or_counted(request.keep, target, net, [&] {
      if (target.here) return profile::time_steps(target.isas, net.name, net.program, request.seconds, host::Task{});
      return profile::count_instructions(target, net.name, net.program, request.images, host::Task{});
    }));
    std::cerr << fmt::format("{}: {}: {:.0f} {}\n", target.name, net.name, counted.back().count,
                             target.here ? "ns" : "instructions");
  }
  if (counted.size() < 2) throw host::Error(host::Exit::model, "too few networks fit " + target.name);
  return counted;
}

double median_error(const std::vector<profile::EstimateError>& errors) {
  std::vector<double> sizes;
  for (const profile::EstimateError& e : errors) sizes.push_back(std::abs(e.error()));
  std::ranges::sort(sizes);
  return sizes[sizes.size() / 2];
}

// targets/mps2-an386/costs.json, targets/host/costs-avx2.json
std::filesystem::path costs_path(const std::string& folder, const std::string& target) {
  const size_t slash = target.find('/');
  if (slash == std::string::npos) return std::filesystem::path(folder) / target / "costs.json";
  return std::filesystem::path(folder) / target.substr(0, slash) / ("costs-" + target.substr(slash + 1) + ".json");
}

void calibrate(const target::Target& target, const Request& request) {
  const target::CostUnit unit = target.here ? target::CostUnit::nanoseconds : target::CostUnit::instructions;
  const std::vector<profile::CountedNet> counted = count(target, request);
  const std::vector<profile::EstimateError> errors = profile::leave_one_out(counted, unit);
  std::cout << fmt::format("\n## {}: median error {:.1f} %\n\n", target.name, 100 * median_error(errors));
  std::cout << fmt::format("| network | {} | estimated | error |\n|---|---|---|---|\n",
                           target.here ? "ns, measured" : "counted");
  for (const profile::EstimateError& e : errors)
    std::cout << fmt::format("| {} | {:.0f} | {:.0f} | {:+.1f} % |\n", e.net, e.counted, e.estimated, 100 * e.error());
  std::cout.flush();
  if (!request.write.empty())
    host::write_atomic(costs_path(request.write, target.name),
                       target::print_costs(profile::fit_costs(counted, target.name, unit)));
}

void calibrate_all(const Request& request) {
  if (request.targets.empty()) std::cout << kHeader;
  for (const target::Target& target : wanted(request)) calibrate(target, request);
}

}  // namespace
}  // namespace dimple

int main(int argc, char** argv) {
  using namespace dimple;
  try {
    calibrate_all(parse({argv + 1, argv + argc}));
    return 0;
  } catch (const host::Error& error) {
    std::cerr << "bench_chip_costs: " << error.what() << '\n' << error.hint() << '\n';
    return static_cast<int>(error.exit());
  }
}
