#include "workflow/predict_crew.h"

#include <algorithm>
#include <system_error>
#include <thread>
#include <utility>

#include "host/processor.h"

namespace dimple::workflow {

using inference::Executor;

namespace {

constexpr size_t kAhead = 4;  // pictures for each thread: a large one holds the others up a little later

size_t threads_for(const PredictRequest& request, size_t pictures) {
  const Executor executor = inference::parse_executor(request.executor);
  const bool keeps_layers = executor != Executor::program && executor != Executor::reference;  // in one place
  const auto wanted = static_cast<size_t>(keeps_layers ? 1 : host::choose_threads(request.threads));
  return std::clamp<size_t>(pictures, 1, wanted);
}

}  // namespace

PictureResult PredictCrew::Result::take() {
  if (failure) std::rethrow_exception(failure);
  return *std::move(picture);
}

// As many as the system allows: none decodes in place beside caged ones.
PredictCrew::PredictCrew(const PredictRequest& request, const inference::OpenedModel& model, PredictFolder& folder,
                         size_t pictures)
    : request_(request), model_(model), folder_(folder) {
  const size_t wanted = threads_for(request, pictures);
  while (decoders_.size() < wanted) {
    decoders_.emplace_back(media::CageSettings{.cage = request.cage});
    if (decoders_.back().caged() == decoders_.front().caged()) continue;
    decoders_.pop_back();
    break;
  }
  results_.resize(kAhead * decoders_.size());
}

std::string PredictCrew::describe_finder() const {
  std::string text;
  for (const auto& reader : readers_) {  // one that had to start a second library names the first as well
    const std::string one = reader->describe_finder();
    if (one.size() > text.size()) text = one;
  }
  return text;
}

PictureReader& PredictCrew::make_reader(media::CagedDecoder& decoder, int finder_threads) {
  auto made =
      std::make_unique<PictureReader>(request_, model_, PictureReader::Helpers{decoder, folder_, finder_threads});
  const std::lock_guard lock(mutex_);
  return *readers_.emplace_back(std::move(made));
}

bool PredictCrew::read(const Work& work, const Take& take) {
  return decoders_.size() == 1 ? read_here(work, take) : read_beside(work, take);
}

bool PredictCrew::read_here(const Work& work, const Take& take) {
  PictureReader& reader = make_reader(decoders_[0], request_.threads);
  for (const NamedSource& source : work.sources) {
    if (work.task.cancelled()) return false;
    take(work.alone ? reader.read(source) : reader.read_or_explain(source));
  }
  return true;
}

// A signal is heard when the last thread has ended: until then one that hangs at its picture is no reason to wait.
bool PredictCrew::read_beside(const Work& work, const Take& take) {
  {
    std::vector<std::jthread> threads;
    struct Stop {
      PredictCrew& crew;
      ~Stop() {
        const std::lock_guard lock(crew.mutex_);
        crew.stopped_ = true;
        crew.changed_.notify_all();
      }
    } stop{*this};  // before the threads are waited for, whatever is thrown
    start_threads(work, threads);
    while (std::optional<Result> result = wait_for(taken_, work.sources.size())) {
      take(result->take());
      const std::lock_guard lock(mutex_);
      ++taken_;
      changed_.notify_all();
    }
  }
  return taken_ == work.sources.size() || !work.task.cancelled();
}

// Where the machine has no thread left to give, fewer do the work.
void PredictCrew::start_threads(const Work& work, std::vector<std::jthread>& threads) {
  for (media::CagedDecoder& decoder : decoders_) {
    const std::lock_guard lock(mutex_);
    try {
      threads.emplace_back([&work, &decoder, this] { work_on(work, decoder); });
      ++working_;
    } catch (const std::system_error&) {
      if (threads.empty()) throw;
      return;
    }
  }
}

void PredictCrew::work_on(const Work& work, media::CagedDecoder& decoder) {
  try {
    PictureReader& reader = make_reader(decoder, 1);
    while (const std::optional<size_t> number = next_for_me(work)) {
      Result result;
      try {
        result.picture = reader.read_or_explain(work.sources[*number]);
      } catch (...) {
        result.failure = std::current_exception();
      }
      hand_in(*number, std::move(result));
    }
  } catch (...) {
    const std::lock_guard lock(mutex_);
    no_reader_ = std::current_exception();
  }
  const std::lock_guard lock(mutex_);
  --working_;
  changed_.notify_all();
}

std::optional<size_t> PredictCrew::next_for_me(const Work& work) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stopped_ || next_ == work.sources.size() || next_ < taken_ + results_.size(); });
  stopped_ = stopped_ || work.task.signalled();
  if (stopped_ || next_ == work.sources.size()) return std::nullopt;
  return next_++;
}

void PredictCrew::hand_in(size_t number, Result result) {
  const std::lock_guard lock(mutex_);
  place_of(number) = std::move(result);
  changed_.notify_all();
}

// Nothing: no thread reads that picture, for there are no more, or since a signal came.
std::optional<PredictCrew::Result> PredictCrew::wait_for(size_t number, size_t pictures) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] {
    return place_of(number).is_there() || number == pictures || (number == next_ && (stopped_ || working_ == 0));
  });
  if (place_of(number).is_there()) return std::exchange(place_of(number), {});
  if (number < pictures && !stopped_ && no_reader_) std::rethrow_exception(no_reader_);
  return std::nullopt;
}

}  // namespace dimple::workflow
