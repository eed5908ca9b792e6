// What of a layer's float weights a smaller layer begins with.
#pragma once
#include <optional>
#include <string>

#include "ir/graph.h"

namespace dimple::edit {

// The middle of each window: rows and columns are two axes of the weight, from `row_axis` on.
ir::Tensor without_ring(const ir::Tensor& weight, size_t row_axis);

// A convolution's weight [out][row][column][in] as windows [row][column][in] and 1x1 weights [out][1][1][in]: of each input
// channel the two whose product is nearest.
struct Separated {
  ir::Tensor windows, points;
};
Separated separated(const ir::Tensor& weight);

// The picture that a dense layer of that name reads flattened; nothing: it does not.
std::optional<ops::Shape> flattened(const ir::Graph&, const std::string& dense);

// A dense layer's weights for a flattened picture of another height and width: of each place the nearest one's, at a size
// that leaves sums over places about what they were. Nothing where there is no picture, or channels differ.
std::optional<ir::Tensor> laid_over(const ir::Tensor& weight, std::optional<ops::Shape> from,
                                    std::optional<ops::Shape> to);

}  // namespace dimple::edit
