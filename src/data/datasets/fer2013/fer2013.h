// FER2013: the Kaggle csv `emotion,pixels,Usage`, plain or compressed; 48x48 grey; optionally with the FER+ votes,
// which are joined row by row. PublicTest is the validation split, PrivateTest the test split.
#pragma once
#include <array>
#include <string>
#include <string_view>

#include "data/load.h"

namespace dimple::data {

inline constexpr int kFer2013Extent = 48;
inline constexpr std::array<std::string_view, 7> kFer2013Labels = {"angry", "disgust",  "fear",   "happy",
                                                                   "sad",   "surprise", "neutral"};  // csv codes 0..6

// The parts, fed with text; `source` stands in error messages.
class Fer2013Csv {
 public:
  explicit Fer2013Csv(std::string source);
  void line(std::string_view text, int64_t number);
  Dataset finish();  // throws when there was no header or no row

 private:
  [[noreturn]] void refuse(int64_t number, const std::string& why) const;
  void header(std::string_view text);
  void pixels(std::string_view text, int64_t number);

  std::string source_;
  std::vector<std::string_view> fields_;
  int emotion_ = -1, pixels_ = -1, usage_ = -1;
  Dataset set_;
};

void join_votes(Dataset& set, const std::string& votes_csv);
void join_doubts(Dataset& set, const std::string& doubtful_csv);

}  // namespace dimple::data
