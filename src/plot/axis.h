// Where a number stands on an axis, and at which numbers the axis is labelled.
#pragma once
#include <string>
#include <vector>

namespace dimple::plot {

// Round numbers (1, 2 or 5 times a power of ten) that cover [low, high], about `wanted` of them; whole numbers only, if
// `whole`. The first and last lie within the range or just outside it.
std::vector<double> ticks(double low, double high, int wanted, bool whole = false);

std::string tick_text(double value, double step);  // with as many digits as the step needs

// Three digits and a unit: 12.3 M.
std::string short_number(double value);

}  // namespace dimple::plot
