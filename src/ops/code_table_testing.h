// All 256 codes through an operator whose integer form is a table, against real arithmetic.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ir/evaluate.h"
#include "ir/graph.h"

namespace dimple::ops {

struct Codes {
  float scale = 1;
  int32_t zero_point = 0;
};

// What comes out is the nearest code there is, but for the half itself; where it saturates, the last one.
template <class F>
void expect_nearest_codes(const ir::Op& op, Codes in, Codes out, F real) {
  const Shape shape{4, 8, 8};
  const ir::Graph graph{"table",
                        {DType::s8, shape, in.scale, in.zero_point},
                        {{"f", op, {ir::kInput}, {DType::s8, shape, out.scale, out.zero_point}}},
                        {}};
  std::vector<int8_t> codes(kCodes);
  std::iota(codes.begin(), codes.end(), int8_t{-128});
  const auto values = ir::evaluate(graph, ir::make_tensor(DType::s8, {4, 8, 8}, codes));
  for (size_t i = 0; i < codes.size(); ++i) {
    const double wanted = real(double{in.scale} * (codes[i] - in.zero_point)) / out.scale + out.zero_point;
    ASSERT_LE(std::fabs(values[1].as<int8_t>()[i] - std::clamp(wanted, -128.0, 127.0)), 0.5 + 1e-9) << int{codes[i]};
  }
}

// Scales as calibration finds them, an input beyond both knees, and an output that saturates at both ends.
template <class F>
void exhaust_codes(const ir::Op& op, F real) {
  expect_nearest_codes(op, {0.05f, 0}, {1.0f / 256, -128}, real);
  expect_nearest_codes(op, {0.031f, -47}, {0.023f, -115}, real);
  expect_nearest_codes(op, {0.4f, 100}, {0.5f, 90}, real);
  expect_nearest_codes(op, {0.1f, 3}, {0.001f, 0}, real);
}

}  // namespace dimple::ops
