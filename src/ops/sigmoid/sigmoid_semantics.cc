#include <cmath>

#include "ir/call_plan.h"

namespace dimple::ops {

double value_at(const Sigmoid&, double x) { return 1 / (1 + std::exp(-x)); }

double value_at(const Swish&, double x) { return x / (1 + std::exp(-x)); }

double value_at(const HardSigmoid&, double x) { return hard_sigmoid(x); }

double value_at(const HardSwish&, double x) { return x * hard_sigmoid(x); }

}  // namespace dimple::ops
