// What a network has to be, as a person writes it: "acc >= 0.92 and macs < 50M and int8_kb < 150 and est_ms@moto-g6 < 5".
//
//   figure               of
//   score                what the search goes by: auc of two classes, else acc
//   acc, auc             validation pictures
//   parameters, macs, flops (two for each multiply-add), float_kb
//   int8_kb, ram_kb      the int8 program: its bytes, and the memory that it runs in; thousands of bytes
//   est_ms@TARGET        the int8 program on a chip (targets/), estimated
//
// Numbers take k, M and G behind them.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dimple::search {

using Figures = std::map<std::string, double, std::less<>>;

struct Requirement {
  std::string figure;
  bool at_most = true;    // else at least
  bool or_equal = false;  // <= and >=
  double bound = 0;

  bool met_by(double value) const;
  // How far off a value is, relative to the bound; 0 where it is met.
  double miss(double value) const;
  bool operator==(const Requirement&) const = default;
};

using Requirements = std::vector<Requirement>;

// Throws host::Error(Exit::usage), which says at which word it stopped, for what is no such sentence, for a figure or target
// that is not known, and for bounds that no number meets.
Requirements parse_requirements(std::string_view text);

std::string print(const Requirement&);

// Throws host::Error(Exit::usage) for a figure that there is not.
void check_figure(std::string_view figure, const std::string& where);
// Follows from the network's structure, not from what it learned.
bool is_cost(std::string_view figure);
// Of est_ms@TARGET; else "".
std::string target_of(std::string_view figure);

// Those that these figures do not meet. Every required figure is there.
std::vector<Requirement> missed(const Requirements&, const Figures&);
// The sum of all misses.
double total_miss(const Requirements&, const Figures&);

}  // namespace dimple::search
