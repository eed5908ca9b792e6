#include "ir/semantics.h"

namespace dimple::ops {

ir::ParameterSpecs parameter_specs(const DropPath&, std::span<const Shape>) { return {}; }

int64_t multiply_adds(const DropPath&, std::span<const Shape>, const Shape&) { return 0; }

}  // namespace dimple::ops
