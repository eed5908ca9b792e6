#include "data/datasets/crew.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "host/error.h"
#include "image/preprocess.h"

namespace dimple::data {
namespace {

using host::Error;
using host::Exit;

constexpr int32_t kSmallSquare = 96, kUsualExtent = 64;

// The largest square in the middle.
image::Box middle_of(const media::Picture& picture) {
  const int32_t side = std::min(picture.width, picture.height);
  return {(picture.width - side) / 2, (picture.height - side) / 2, side, side};
}

// "cannot read x.png: the file is empty" without what the list of bad files says anyway.
std::string reason_of(const Error& error, const std::string& name) {
  const std::string what = error.what(), before = fmt::format("cannot read {}: ", name);
  return what.starts_with(before) ? what.substr(before.size()) : what;
}

}  // namespace

Crew::Crew(const PictureTree& tree, const LoadOptions& options, const media::CageSettings& cage)
    : tree_(tree),
      extent_(options.size > 0 ? options.size : tree.extent),
      channels_(options.channels > 0 ? options.channels : tree.channels),
      find_faces_(options.faces == "find" || (options.faces == "auto" && tree.find_faces)),
      cage_(cage),
      most_threads_(std::max(1u, std::thread::hardware_concurrency())) {
  cage_.cage = cage.cage && options.cage;
}

// One thread more has work: it gets its decoder now, and here, where no thread is running. What forks later would hold
// the pictures read till then, or a lock of one that runs; and a cage does not outlive the thread that made it.
void Crew::hire() {
  media::CagedDecoder& hired = decoders_.emplace_back(cage_);
  if (decoders_.size() == 1) {
    cage_.cage = hired.caged();
  } else if (hired.caged() != cage_.cage) {  // as many as the system allows: none decodes in place beside caged ones
    decoders_.pop_back();
    most_threads_ = decoders_.size();
  }
}

void Crew::add(Job job) {
  if (decoders_.size() < most_threads_) hire();
  faces_ += job.entries.size();
  jobs_.push_back(std::move(job));
}

media::Picture Crew::decode(const Job& job, media::CagedDecoder& decoder) const {
  if (tree_.decode)
    if (std::optional<media::Picture> picture = tree_.decode(job.bytes, job.name)) return *std::move(picture);
  return decoder.decode({reinterpret_cast<const uint8_t*>(job.bytes.data()), job.bytes.size()}, job.name);
}

// Where the set leaves the size open: that of the first picture that can be read, if it is a small square.
void Crew::settle_extent() {
  for (const Job& job : jobs_) {
    if (extent_ > 0) return;
    try {
      const media::Picture picture = decode(job, decoders_[0]);
      extent_ = picture.width == picture.height && picture.width <= kSmallSquare ? picture.width : kUsualExtent;
    } catch (const Error& error) {  // it will be listed when its turn comes
      if (error.exit() != Exit::input) throw;
    }
  }
}

std::vector<uint8_t> Crew::cut(const media::Picture& picture, const Entry& entry, detect::Finder* finder) const {
  image::Preprocess how;
  how.width = how.height = extent(), how.channels = channels_;
  how.margin_permille = how.shift_permille = 0;
  image::Box box = middle_of(picture);
  if (entry.face) {
    box = *entry.face;
  } else if (entry.shares) {
    const auto at = [](float share, int side) {
      return static_cast<int32_t>(std::clamp(share, 0.0f, 1.0f) * static_cast<float>(side));
    };
    box = {at(entry.shares->left, picture.width), at(entry.shares->top, picture.height), 0, 0};
    box.width = std::max(1, at(entry.shares->right, picture.width) - box.x);
    box.height = std::max(1, at(entry.shares->bottom, picture.height) - box.y);
  } else if (finder) {
    const std::vector<detect::Found> found = finder->find(picture);
    if (found.empty()) return {};
    box = found[0].box;
    how.margin_permille = tree_.framing.margin_permille, how.shift_permille = tree_.framing.shift_permille;
  }
  std::vector<uint8_t> pixels(how.pixels()), scratch(image::scratch_bytes(how, picture.channels));
  const Status status =
      image::crop_face(how, picture.view(), box, {scratch.data(), scratch.size()}, {pixels.data(), pixels.size()});
  if (status != Status::ok) throw Error(Exit::input, fmt::format("its face cannot be cut out: {}", describe(status)));
  return pixels;
}

void Crew::do_job(Job& job, media::CagedDecoder& decoder, detect::Finder* finder) const {
  try {
    const media::Picture picture = decode(job, decoder);
    for (const Entry& entry : job.entries) job.faces.push_back(cut(picture, entry, finder));
  } catch (const Error& error) {
    if (error.exit() != Exit::input) throw;
    job.why_bad = reason_of(error, job.name);
  }
  job.bytes = {};
}

std::vector<Job> Crew::work() {
  settle_extent();
  const size_t threads = std::min(decoders_.size(), jobs_.size());
  try {
    while (find_faces_ && finders_.size() < threads) finders_.push_back(detect::make_finder());
  } catch (const Error& error) {
    throw Error(error.exit(), error.what(),
                fmt::format("--faces whole takes the pictures of {} as they are", tree_.name));
  }
  std::atomic<size_t> next = 0;
  std::exception_ptr failure;
  std::mutex mutex;
  {
    std::vector<std::jthread> crew;
    for (size_t t = 0; t < threads; ++t)
      crew.emplace_back([&, &decoder = decoders_[t], finder = find_faces_ ? finders_[t].get() : nullptr] {
        try {
          for (size_t i; (i = next++) < jobs_.size();) do_job(jobs_[i], decoder, finder);
        } catch (...) {
          const std::lock_guard lock(mutex);
          failure = std::current_exception();
        }
      });
  }
  if (failure) std::rethrow_exception(failure);
  faces_ = 0;
  return std::exchange(jobs_, {});
}

}  // namespace dimple::data
