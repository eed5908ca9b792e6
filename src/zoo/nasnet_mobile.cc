#include "zoo/nasnet_mobile.h"

#include "ir/builder.h"
#include "zoo/channels.h"

namespace dimple::zoo {
namespace {

using ir::Builder;
using ir::Value;

// Keras gathers statistics with a momentum of 0.0003, for trainings of millions of steps: after some hundred of ours
// they would still be those of the first weights. What the network answers does not depend on it.
constexpr ops::BatchNorm kNasnetNorm{.epsilon = 1e-3f, .momentum = 0.01f};

// What makes ceil(size / 2) of any size: an even side has one less in front than behind.
ops::Window halving(const ir::Shape& s, int kernel) {
  const int behind = kernel / 2, above = behind - (s.height % 2 == 0), left = behind - (s.width % 2 == 0);
  return {kernel, kernel, 2, 2, above, left, behind, behind};
}

Value separable(Builder& g, Value x, int filters, int kernel, int stride) {
  for (int i = 0; i < 2; ++i) {
    x = g.relu(x);
    x = i == 0 && stride == 2 ? g.append(ops::DepthwiseConv2d{halving(g.shape_of(x), kernel)}, {x})
                              : g.depthwise(x, {.kernel = kernel});
    x = g.batch_norm(g.conv(x, filters, {.kernel = 1}), kNasnetNorm);
  }
  return x;
}

Value squeeze(Builder& g, Value x, int filters) {
  return g.batch_norm(g.conv(g.relu(x), filters, {.kernel = 1}), kNasnetNorm);
}

// The older input, brought to the newer one's size and the cell's width: every second pixel, and every second pixel one
// step down and to the right, where beyond the picture are zeros.
Value adjusted(Builder& g, Value older, Value newer, int filters) {
  if (older == newer) return older;
  const ir::Shape from = g.shape_of(older), to = g.shape_of(newer);
  if (from.height == to.height && from.width == to.width)
    return from.channels == filters ? older : squeeze(g, older, filters);
  const Value x = g.relu(older);
  const Value corner = g.conv(x, filters / 2, {.kernel = 1, .stride = 2});
  const Value shifted = g.append(ops::Pad{-1, -1, 1, 1}, {x});
  const Value next = g.conv(shifted, filters / 2, {.kernel = 1, .stride = 2});
  return g.batch_norm(g.concat({corner, next}), kNasnetNorm);
}

struct Cells {
  Value newer, older;
};

Cells normal_cell(Builder& g, Cells in, int filters) {
  const Value p = adjusted(g, in.older, in.newer, filters), h = squeeze(g, in.newer, filters);
  const auto mean = [&](Value x) { return g.average_pool(x, {.kernel = 3, .stride = 1, .pad = 1}); };
  // The first branch has a name, so that it is written first: a compiler takes arguments in an order of its own.
  const Value a1 = separable(g, h, filters, 5, 1), a = g.add(a1, separable(g, p, filters, 3, 1));
  const Value b1 = separable(g, p, filters, 5, 1), b = g.add(b1, separable(g, p, filters, 3, 1));
  const Value c = g.add(mean(h), p);
  const Value d = mean(p);  // the published cell adds this mean to itself
  const Value e = g.add(separable(g, h, filters, 3, 1), h);
  return {g.concat({p, a, b, c, g.add(d, d), e}), in.newer};
}

Cells reduction_cell(Builder& g, Cells in, int filters) {
  const Value p = adjusted(g, in.older, in.newer, filters), h = squeeze(g, in.newer, filters);
  // Zeros around the picture take part in the maximum and in the mean.
  const ops::Window w = halving(g.shape_of(h), 3);
  const Value padded = g.append(ops::Pad{w.pad_top, w.pad_left, w.pad_bottom, w.pad_right}, {h});
  const auto highest = [&] { return g.max_pool(padded, {.kernel = 3, .stride = 2}); };
  const Value a1 = separable(g, h, filters, 5, 2), a = g.add(a1, separable(g, p, filters, 7, 2));
  const Value b1 = highest(), b = g.add(b1, separable(g, p, filters, 7, 2));
  const Value c1 = g.average_pool(padded, {.kernel = 3, .stride = 2}), c = g.add(c1, separable(g, p, filters, 5, 2));
  const Value d = g.add(b, g.average_pool(a, {.kernel = 3, .stride = 1, .pad = 1}));
  const Value e1 = separable(g, a, filters, 3, 1), e = g.add(e1, highest());
  return {g.concat({b, c, d, e}), in.newer};
}

}  // namespace

ir::Graph make(const NasNetMobile& net) {
  const int filters = scaled_channels(net.filters, net.multiplier, 4);
  Builder g("nasnet_mobile", net.input);
  const Value stem = g.conv(g.input(), scaled_channels(net.stem, net.multiplier), {.stride = 2, .pad = 0});
  const Value normed = g.batch_norm(stem, kNasnetNorm);
  Cells x{normed, normed};
  x = reduction_cell(g, x, filters / 4);
  x = reduction_cell(g, x, filters / 2);
  for (const int wider : {1, 2, 4}) {
    if (wider > 1) x = reduction_cell(g, x, filters * wider);
    for (int i = 0; i < net.cells; ++i) x = normal_cell(g, x, filters * wider);
  }
  return g.finish(g.dense(g.global_average_pool(g.relu(x.newer)), net.classes));
}

}  // namespace dimple::zoo
