#include "ir/call_plan.h"

namespace dimple::ops {

double value_at(const HardSwish&, double x) { return x * hard_sigmoid(x); }

}  // namespace dimple::ops
