// Trains a graph on a dataset. Prints nothing, writes nothing: the caller gets callbacks. libtorch stays behind this
// interface, so that its callers compile without it.
//
// Every CPU thread works on its share of each batch with a replica of the net: small nets leave most of a core idle
// when libtorch splits single operators over threads. The shares are fixed, so the sums are too: a training is
// repeatable for a given build and number of shares. Batch norm sees its share alone; the statistics it keeps are the
// mean over all shares. Started as one of several processes (train/ranks.h), each works on its part of the shares: two
// processes of one thread give the weights of one process of two.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "ir/graph.h"
#include "train/progress.h"
#include "train/recipe.h"
#include "train/session.h"

namespace dimple::train {

struct Callbacks {
  std::function<void(int64_t pictures, double loss)> on_step;
  std::function<void(const EpochReport&, bool best)> on_epoch;
  std::function<void()> on_checkpoint;                 // a checkpoint is due
  std::function<void(const std::string&)> on_trouble;  // a sentence that a person should read
  std::function<bool()> should_stop;                   // asked after every step
};

class Trainer {
 public:
  virtual ~Trainer() = default;

  // True when all epochs are done or the time is up, false when it was asked to stop.
  virtual bool run(const Callbacks& callbacks) = 0;

  // All that a later run needs to continue with the same bits: the counters, and named tensors.
  virtual const Progress& progress() const = 0;
  virtual std::map<std::string, ir::Tensor> state() const = 0;
  virtual void restore(const Progress& progress, const std::map<std::string, ir::Tensor>& state) = 0;

  virtual ir::Graph latest() const = 0;    // with the weights as they are
  virtual ir::Graph averaged() const = 0;  // with their moving average, which is what validation looks at

  // N x classes probabilities of the averaged net, on rows without augmentation.
  virtual std::vector<float> predict(std::span<const int32_t> rows) = 0;

  virtual int threads() const = 0;
  virtual int shares() const = 0;             // of all processes: the weights depend on their number
  virtual std::string precision() const = 0;  // f32 or bf16
};

// The graph carries its constants. The dataset must outlive the trainer.
std::unique_ptr<Trainer> make_trainer(const ir::Graph& graph, const data::Dataset& set, const Recipe& recipe,
                                      const Session& session);

}  // namespace dimple::train
