#include "ir/semantics.h"

namespace dimple::ops {

ir::Init initial_weight(const BatchNorm&) { return ir::Init::batch_norm; }

}  // namespace dimple::ops
