#include "train/guard.h"

#include <algorithm>

namespace dimple::train {

Guard::Verdict Guard::judge(double loss, bool finite) {
  const bool exploded = explosion_ > 0 && seen_ >= kUsualAfter && loss > explosion_ * usual_;
  if (finite && !exploded) {
    bad_in_row_ = 0, ++good_in_row_;
    const double weight = 1.0 / static_cast<double>(std::min<int64_t>(++seen_, 50));
    usual_ += weight * (loss - usual_);
    return Verdict::fine;
  }
  good_in_row_ = 0;
  if (++bad_in_row_ < patience_ || patience_ <= 0) return Verdict::bad;
  bad_in_row_ = 0;
  return Verdict::roll_back;
}

}  // namespace dimple::train
