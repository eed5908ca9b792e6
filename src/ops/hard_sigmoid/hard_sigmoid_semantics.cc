#include "ir/call_plan.h"

namespace dimple::ops {

double value_at(const HardSigmoid&, double x) { return hard_sigmoid(x); }

}  // namespace dimple::ops
