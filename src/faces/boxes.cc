#include "faces/boxes.h"

namespace dimple::faces {
namespace {

void sort_by_score(Span<ScoredBox> boxes) {
  for (size_t i = 1; i < boxes.size(); ++i) {
    const ScoredBox moving = boxes[i];
    size_t at = i;
    for (; at > 0 && boxes[at - 1].score < moving.score; --at) boxes[at] = boxes[at - 1];
    boxes[at] = moving;
  }
}

bool hidden_by(Span<const ScoredBox> kept, const Box& box, int32_t most_permille) {
  for (const ScoredBox& k : kept)
    if (overlap_permille(k.box, box) > most_permille) return true;
  return false;
}

}  // namespace

size_t keep_best(Span<ScoredBox> boxes, int32_t most_permille) {
  sort_by_score(boxes);
  size_t kept = 0;
  for (const ScoredBox& candidate : boxes)
    if (!hidden_by(boxes.subspan(0, kept), candidate.box, most_permille)) boxes[kept++] = candidate;
  return kept;
}

}  // namespace dimple::faces
