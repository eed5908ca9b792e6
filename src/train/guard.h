// Watches the loss. One bad step (no number, or many times the usual loss) is no harm; several in a row mean that the
// weights are on a way that leads nowhere, and that going back is better than going on.
#pragma once
#include <cstdint>

namespace dimple::train {

class Guard {
 public:
  enum class Verdict { fine, bad, roll_back };

  // `patience`: so many bad steps in a row are one too many; 0: never. `explosion`: so many times the usual loss is
  // bad; 0: only what is no number.
  Guard(int patience, double explosion) : patience_(patience), explosion_(explosion) {}

  Verdict judge(double loss, bool finite);
  // After a fine step: whether this is a state worth going back to. Now and then, after many fine steps in a row.
  bool worth_keeping() const { return good_in_row_ > 0 && good_in_row_ % kKeepEvery == 0; }
  void start_again() { bad_in_row_ = good_in_row_ = 0; }
  bool is_calm() const { return patience_ <= 0 || bad_in_row_ == 0; }  // no roll-back is near

  // The usual loss and from how many steps it is known: what a later session goes on with.
  double usual() const { return usual_; }
  int64_t seen() const { return seen_; }
  void go_on(double usual, int64_t seen) { usual_ = usual, seen_ = seen; }

  static constexpr int kKeepEvery = 50;
  static constexpr int kMostReturns = 10;  // after so many the training is given up
  static constexpr double kSlower = 0.5;   // the learning rate after a return, as a share of that before

 private:
  static constexpr int64_t kUsualAfter = 20;  // steps until there is a usual loss

  int patience_;
  double explosion_;
  double usual_ = 0;
  int64_t seen_ = 0;
  int bad_in_row_ = 0, good_in_row_ = 0;
};

}  // namespace dimple::train
