#include "compress/loss_gradients.h"

#include "data/real_pictures.h"
#include "nn/net.h"
#include "train/batch_pass.h"
#include "train/batches.h"
#include "train/evaluator.h"

namespace dimple::compress {

edit::Gradients loss_gradients(const ir::Graph& graph, const data::Dataset& set, const train::Recipe& recipe,
                               int most) {
  nn::Net net(graph);
  const train::BatchMaker maker(set, recipe);
  const std::vector<int32_t> rows = data::spread_rows(set, data::Split::train, most);
  train::for_chunks(maker, rows, torch::kCPU, [&](const torch::Tensor& pictures, size_t at) {
    const int64_t count = pictures.size(0);
    std::vector<int64_t> labels;
    for (int64_t i = 0; i < count; ++i)
      labels.push_back(set.label[static_cast<size_t>(rows[at + static_cast<size_t>(i)])]);
    const torch::Tensor log_p = torch::log_softmax(net.forward(pictures, false), 1);
    const torch::Tensor picked = log_p.gather(1, torch::tensor(labels).unsqueeze(1));
    (-picked.sum() / static_cast<double>(rows.size())).backward();
  });
  // The gradients lie as the weights do, so what makes a graph of weights makes one of gradients.
  const ir::Graph gradients = net.to_graph(net.gradients(), torch::zeros_like(net.statistics()));
  return {gradients.constants.begin(), gradients.constants.end()};
}

}  // namespace dimple::compress
