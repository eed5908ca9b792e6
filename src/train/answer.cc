#include "train/answer.h"

#include "nn/net.h"
#include "train/input.h"

namespace dimple::train {

std::vector<float> answer(const ir::Graph& graph, const data::Dataset& set, std::span<const int32_t> rows,
                          const Recipe& recipe, const Session& session) {
  const torch::NoGradGuard no_grad;
  const bool cuda = session.device != "cpu" && torch::cuda::is_available();
  const torch::Device device = cuda ? torch::kCUDA : torch::kCPU;
  nn::Net net(graph, device);
  Recipe plain = recipe;
  plain.mixup = plain.vote_agreement = 0;  // nothing is trained here: there may be no training pictures, and no votes
  const BatchMaker maker(set, plain);
  constexpr size_t kChunk = 128;
  Batch batch;
  std::vector<float> scores;
  for (size_t at = 0; at < rows.size(); at += kChunk) {
    maker.make_plain(rows.subspan(at, std::min(kChunk, rows.size() - at)), batch);
    const torch::Tensor p = torch::softmax(net.forward(to_input(batch, set, device), false), 1).cpu().contiguous();
    scores.insert(scores.end(), p.data_ptr<float>(), p.data_ptr<float>() + p.numel());
  }
  return scores;
}

}  // namespace dimple::train
