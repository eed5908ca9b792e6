// What the steps of quantisation read and write, one after the other. Their order, and which of them can be chosen, is
// compile/quantise.cc.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "compile/quantise.h"

namespace dimple::compile {

struct Quantising {
  const CalibrationSet& pictures;
  const QuantiseOptions& options;
  ir::Graph real;                           // optimised; the codes that its values were trained for are settled
  ir::Graph integer;                        // the same nodes, which become integers from step to step
  std::vector<ValueStatistics> statistics;  // of every value; none where every value was trained for codes
  std::map<std::string, std::vector<double>> shifts;  // by node: what is to be taken out of each channel's bias
};

// Each says how many pairs, values or nodes it dealt with.
int equalise(Quantising&);
int calibrate_values(Quantising&);
template <RangeRule rule>
int choose_codes(Quantising&);
template <RangeRule rule>
int round_weights(Quantising&);
int correct_biases(Quantising&);
int round_biases(Quantising&);

}  // namespace dimple::compile
