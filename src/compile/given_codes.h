// Codes that the values of a float graph were trained for (ir::ValueType), brought to an end before it is quantised.
#pragma once
#include "ir/graph.h"

namespace dimple::compile {

// The input's codes are those of the pictures. An operator that keeps its input's codes (IntegerForm::same_codes) and
// its input come to have the same ones, whichever of the two was annotated. Throws host::Error(Exit::model) for two
// that contradict each other, where an input without codes has other readers too (they may need a wider range), and for
// a graph whose input was trained for other codes than the pictures have.
void settle_given_codes(ir::Graph&, float input_scale);

// Whether every value has codes, so that no picture is needed to choose some.
bool all_codes_given(const ir::Graph&);

}  // namespace dimple::compile
