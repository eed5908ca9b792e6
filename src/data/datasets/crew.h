// Decoding, face finding and resizing by as many threads as there are cores, each with a decoder in a cage; the order
// of what comes out is the order of what went in.
#pragma once
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "data/datasets/picture_tree.h"
#include "detect/finder.h"

namespace dimple::data {

struct Job {
  std::string name, bytes;
  std::vector<Entry> entries;
  std::vector<std::vector<uint8_t>> faces = {};  // one for each entry; empty: no face was found
  std::string why_bad = {};
};

class Crew {
 public:
  Crew(const PictureTree& tree, const LoadOptions& options, const media::CageSettings& cage);

  void add(Job job);
  bool is_full() const { return jobs_.size() >= kBatch || faces_ >= kFacesAtOnce; }
  std::vector<Job> work();  // all that were added since the last time

  int32_t extent() const { return extent_ > 0 ? extent_ : 1; }
  int32_t channels() const { return channels_; }

 private:
  static constexpr size_t kBatch = 256, kFacesAtOnce = 16 * kBatch;

  void hire();
  void settle_extent();
  media::Picture decode(const Job& job, media::CagedDecoder& decoder) const;
  void do_job(Job& job, media::CagedDecoder& decoder, detect::Finder* finder) const;
  std::vector<uint8_t> cut(const media::Picture& picture, const Entry& entry, detect::Finder* finder) const;

  const PictureTree& tree_;
  int32_t extent_ = 0, channels_ = 1;
  bool find_faces_ = false;
  media::CageSettings cage_;
  size_t most_threads_;
  std::deque<media::CagedDecoder> decoders_;              // one for each thread
  std::vector<std::unique_ptr<detect::Finder>> finders_;  // one for each thread: a finder is not shared
  std::vector<Job> jobs_;
  size_t faces_ = 0;  // of these jobs
};

}  // namespace dimple::data
