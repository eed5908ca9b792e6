#include "format/step_facts.h"

#include "format/attributes.h"

namespace dimple::format {
namespace {

template <class Op>
void describe(const uint32_t* attributes, const ops::Shape* in, int inputs, StepFacts& to) {
  const Op op = load_attributes<Op>(attributes);
  if (inputs != ops::input_count(op) || !op.shape(in, to.out)) return;
  if constexpr (requires { Op::kMaxPixels; }) {
    if (int64_t{in[0].height} * in[0].width > Op::kMaxPixels) return;
  }
  to.fits = true;
  to.activation = ops::activation_of(op);
  if constexpr (requires { op.parameters(in); }) to.parameters = op.parameters(in);  // else none, which costs no code
}

constexpr OperatorFacts kOperators[] = {
#define DIMPLE_X(Type, name)              \
  {ops::OpCode::name,                     \
   ops::Type::kInteger,                   \
   ops::is_binary<ops::Type>(),           \
   ops::is_coded<ops::Type>(),            \
   ops::integer_types<ops::Type>(),       \
   uint8_t{attribute_words<ops::Type>()}, \
   describe<ops::Type>},
    DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X
};

}  // namespace

bool OperatorFacts::has(const Types& types) const {
  if (types == Types{}) return form != ops::IntegerForm::converts;
  if (types == integer_types) return form != ops::IntegerForm::none;
  if (types.out != DType::s8) return false;
  switch (types.weight) {
    case DType::b1: return is_binary && (types.in == DType::b1 || types.in == DType::s8);
    case DType::c4:
    case DType::c5: return is_coded && types.in == DType::s8;
    default: return false;
  }
}

StepFacts OperatorFacts::of(const uint32_t* attributes, const ops::Shape* in, int inputs) const {
  StepFacts facts;
  describe(attributes, in, inputs, facts);
  return facts;
}

const OperatorFacts& facts_of(ops::OpCode code) {
  for (const OperatorFacts& facts : kOperators)
    if (facts.code == code) return facts;
  __builtin_unreachable();
}

}  // namespace dimple::format
