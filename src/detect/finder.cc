#include "detect/finder.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <future>

#include "detect/plugin_finder.h"
#include "faces/boxes.h"
#include "host/error.h"

namespace dimple::detect {
namespace {

// A finder that is not installed is done without, as long as there is the other.
std::unique_ptr<Finder> make_if_installed(const Backend& backend, const FinderOptions& options) {
  try {
    return std::make_unique<PluginFinder>(backend, options);
  } catch (const host::Error& error) {
    if (error.exit() != host::Exit::failed) throw;
    return nullptr;
  }
}

std::string describe_all(Finder& first, Finder* second) {
  return first.describe() + (second ? ", " + second->describe() : "");
}

// The second takes longer to start than the first to search: it starts when a picture shows nothing to the first.
class OneThenOther final : public Finder {
 public:
  explicit OneThenOther(const FinderOptions& options)
      : options_(options), first_(make_if_installed(kCascade, options)), second_is_due_(first_ != nullptr) {
    if (!first_) first_ = std::make_unique<PluginFinder>(kHog, options);
  }

  std::string describe() override { return describe_all(*first_, second_.get()); }

  std::vector<Found> find(const media::Picture& picture) override {
    std::vector<Found> found = first_->find(picture);
    if (!found.empty()) return found;
    if (second_is_due_) second_ = make_if_installed(kHog, options_), second_is_due_ = false;
    return second_ ? second_->find(picture) : found;
  }

 private:
  const FinderOptions options_;
  std::unique_ptr<Finder> first_, second_;
  bool second_is_due_;
};

// The second starts beside the first's start and search.
class BothFinders final : public Finder {
 public:
  explicit BothFinders(const FinderOptions& options) {
    coming_ = std::async(std::launch::async, [options] { return make_if_installed(kHog, options); });
    first_ = make_if_installed(kCascade, options);
    if (first_) return;
    first_ = coming_.get();
    if (!first_) first_ = std::make_unique<PluginFinder>(kCascade, options);  // throws its error again
  }

  std::string describe() override {
    wait_for_second();
    return describe_all(*first_, second_.get());
  }

  // A face that both see keeps the box of the first.
  std::vector<Found> find(const media::Picture& picture) override {
    constexpr int32_t kSameFace = 250;  // permille of overlap
    std::vector<Found> all = first_->find(picture);
    wait_for_second();
    if (second_) {
      const auto known = ptrdiff_t(all.size());
      for (const Found& found : second_->find(picture)) {
        const auto same = [&](const Found& f) { return faces::overlap_permille(f.box, found.box) > kSameFace; };
        if (std::none_of(all.begin(), all.begin() + known, same)) all.push_back(found);
      }
    }
    std::stable_sort(all.begin(), all.end(), [](const Found& a, const Found& b) { return a.score > b.score; });
    return all;
  }

 private:
  void wait_for_second() {
    if (coming_.valid()) second_ = coming_.get();
  }

  std::unique_ptr<Finder> first_, second_;
  std::future<std::unique_ptr<Finder>> coming_;
};

}  // namespace

std::unique_ptr<Finder> make_finder(const FinderOptions& options) {
  if (options.name == "auto") return std::make_unique<OneThenOther>(options);
  if (options.name == "both") return std::make_unique<BothFinders>(options);
  for (const Backend* backend : {&kCascade, &kHog})
    if (options.name == backend->name) return std::make_unique<PluginFinder>(*backend, options);
  throw host::Error(host::Exit::usage, fmt::format("there is no face finder `{}`", options.name),
                    fmt::format("choose one of {}", fmt::join(std::begin(kFinderNames), std::end(kFinderNames), ", ")));
}

}  // namespace dimple::detect
