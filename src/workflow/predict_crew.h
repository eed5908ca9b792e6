// Reads pictures on as many threads as asked for, each with a decoder in a cage, a finder and a network of its own; what
// comes out comes in the order of the pictures, and no thread is more than a few pictures ahead of it.
#pragma once
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "workflow/predict_reader.h"

namespace dimple::workflow {

class PredictCrew {
 public:
  // All must outlive this. Make it while the program has no other thread: a cage is forked.
  PredictCrew(const PredictRequest& request, const inference::OpenedModel& model, PredictFolder& folder,
              size_t pictures);

  struct Work {
    std::span<const NamedSource> sources;
    bool alone;  // a picture that cannot be read throws
    const host::Task& task;
  };
  using Take = std::function<void(PictureResult)>;

  // Once. Takes each result on this thread. False: a signal came; what was in hand then has been taken. What a picture
  // throws is thrown after all before it have been taken.
  bool read(const Work& work, const Take& take);

  int threads() const { return static_cast<int>(decoders_.size()); }
  std::string describe_finder() const;
  const inference::Network& network() const { return readers_.front()->network(); }

 private:
  struct Result {
    std::optional<PictureResult> picture;
    std::exception_ptr failure;

    bool is_there() const { return picture || failure; }
    PictureResult take();
  };

  PictureReader& make_reader(media::CagedDecoder& decoder, int finder_threads);
  bool read_here(const Work& work, const Take& take);
  bool read_beside(const Work& work, const Take& take);
  void start_threads(const Work& work, std::vector<std::jthread>& threads);
  void work_on(const Work& work, media::CagedDecoder& decoder);
  std::optional<size_t> next_for_me(const Work& work);
  void hand_in(size_t number, Result result);
  std::optional<Result> wait_for(size_t number, size_t pictures);
  Result& place_of(size_t number) { return results_[number % results_.size()]; }

  const PredictRequest& request_;
  const inference::OpenedModel& model_;
  PredictFolder& folder_;
  std::deque<media::CagedDecoder> decoders_;  // one for each thread

  std::mutex mutex_;  // of all below
  std::condition_variable changed_;
  std::vector<std::unique_ptr<PictureReader>> readers_;
  std::vector<Result> results_;  // a ring
  size_t next_ = 0, taken_ = 0;  // pictures
  int working_ = 0;              // threads
  bool stopped_ = false;
  std::exception_ptr no_reader_;
};

}  // namespace dimple::workflow
