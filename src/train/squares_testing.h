// A small thing to learn, made here: bright squares in one of three places.
#pragma once
#include "data/dataset.h"
#include "ir/builder.h"
#include "ir/initialise.h"
#include "train/batches.h"
#include "train/trainer.h"

namespace dimple::train {

inline data::Dataset squares(int count, int size = 16) {
  data::Dataset set;
  set.name = "squares", set.width = set.height = size;
  set.labels = {"left", "middle", "right"};
  uint32_t random = 1;
  for (int i = 0; i < count; ++i) {
    const int label = i % 3, column = size * (1 + 2 * label) / 6;
    for (int y = 0; y < size; ++y)
      for (int x = 0; x < size; ++x) {
        random = random * 1664525u + 1013904223u;
        const bool inside = x >= column - 1 && x <= column + 1 && y > 4 && y < size - 4;
        set.pixels.push_back(static_cast<uint8_t>((inside ? 180 : 60) + (random >> 26)));
      }
    set.label.push_back(label);
    set.split.push_back(i % 6 < 3 ? data::Split::train : data::Split::validation);
  }
  return set;
}

inline ir::Graph small_net(const data::Dataset& set) {
  ir::Builder g("small", {set.height, set.width, 1});
  ir::Value x = g.relu(g.batch_norm(g.conv(g.input(), 4, {.stride = 2})));
  x = g.dropout(g.flatten(g.max_pool(x)), 0.1f);
  ir::Graph graph = g.finish(g.dense(x, static_cast<int>(set.labels.size())));
  ir::initialise(graph, 1);
  return graph;
}

inline Recipe small_recipe() {
  Recipe r;
  r.epochs = 4, r.batch = 16, r.warmup_epochs = 0.5f, r.vote_share = 0;
  r.augment.shift = 0.02f, r.augment.mirror_probability = 0;
  return r;
}

inline Batch batch_of(const data::Dataset& set, const Recipe& recipe, std::span<const int32_t> draws, int epoch = 0) {
  Batch batch;
  BatchMaker(set, recipe).make(draws, epoch, batch);
  return batch;
}

// Of two threads, or as many as are asked for.
inline Session small_session(int threads = 2) {
  Session s;
  s.threads = threads, s.device = "cpu";
  return s;
}

inline std::unique_ptr<Trainer> small_trainer(const data::Dataset& set, const Recipe& recipe, int threads = 2) {
  return make_trainer(small_net(set), set, recipe, small_session(threads));
}

// Its epochs; `callbacks` may ask to stop.
inline std::vector<EpochReport> run_all(Trainer& trainer, Callbacks callbacks = {}) {
  std::vector<EpochReport> epochs;
  callbacks.on_epoch = [&](const EpochReport& epoch, bool) { epochs.push_back(epoch); };
  trainer.run(callbacks);
  return epochs;
}

}  // namespace dimple::train
