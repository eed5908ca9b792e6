#include "train/guard.h"

#include <algorithm>

namespace dimple::train {

Guard::Verdict Guard::judge(double loss, bool finite) {
  const bool exploded = explosion_ > 0 && usual_steps_ >= kMinUsualSteps && loss > explosion_ * usual_loss_;
  if (finite && !exploded) {
    bad_in_row_ = 0, ++good_in_row_;
    const double weight = 1.0 / static_cast<double>(std::min(++usual_steps_, kUsualWindow));
    usual_loss_ += weight * (loss - usual_loss_);
    return Verdict::fine;
  }
  good_in_row_ = 0;
  if (++bad_in_row_ < patience_ || patience_ <= 0) return Verdict::bad;
  bad_in_row_ = 0;
  return Verdict::roll_back;
}

}  // namespace dimple::train
