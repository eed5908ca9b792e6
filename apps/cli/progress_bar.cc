#include "progress_bar.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "plot/terminal.h"

namespace dimple::cli {
namespace {

using Clock = std::chrono::steady_clock;

std::string duration(double seconds) {
  const auto s = static_cast<int64_t>(seconds + 0.5);
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{}:{:02}", s / 60, s % 60);
  return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

class ProgressBar final : public host::Progress {
 public:
  explicit ProgressBar(const host::Terminal& terminal) : terminal_(terminal) {}
  ~ProgressBar() override { clear(); }

  void start(int64_t total, std::string_view what) override {
    total_ = total;
    what_ = what;
    note_.clear();
    done_ = 0;
    begun_ = Clock::now();
    drawn_ = {};
  }

  void advance(int64_t n, std::string_view note) override {
    done_ += n;
    if (!note.empty()) note_ = host::printable(note);
    const Clock::time_point now = Clock::now();
    if (now - drawn_ < std::chrono::milliseconds(100)) return;
    drawn_ = now;
    draw(std::chrono::duration<double>(now - begun_).count());
  }

  void finish() override { clear(); }

  void say(std::string_view line) override {
    clear();
    std::fputs(fmt::format("{}\n", line).c_str(), stderr);
  }

 private:
  void draw(double seconds) {
    const double rate = seconds > 0 ? static_cast<double>(done_) / seconds : 0;
    std::string line = what_ + " ";
    if (total_ > 0) {
      const double part = static_cast<double>(done_) / static_cast<double>(total_);
      line += plot::bar(part, 24, terminal_) + fmt::format(" {}/{}", done_, total_);
    } else if (done_ > 0) {
      line += std::to_string(done_);
    }
    if (seconds > 0.5 && rate > 0) {
      line += fmt::format("  {}/s", rate >= 10 ? fmt::format("{:.0f}", rate) : fmt::format("{:.1f}", rate));
      if (total_ > done_) line += fmt::format("  {} left", duration(static_cast<double>(total_ - done_) / rate));
    }
    const int room = terminal_.width - 1 - host::columns_of(line) - 2;
    if (room > 8 && !note_.empty()) {
      const bool fits = host::columns_of(note_) <= room;
      line += "  " + (fits ? note_ : "..." + note_.substr(note_.size() - static_cast<size_t>(room - 3)));
    }
    std::fputs(fmt::format("\r\x1b[K{}", line).c_str(), stderr);
    std::fflush(stderr);
    visible_ = true;
  }

  void clear() {
    if (visible_) std::fputs("\r\x1b[K", stderr);
    visible_ = false;
  }

  const host::Terminal terminal_;
  int64_t total_ = 0, done_ = 0;
  std::string what_, note_;
  Clock::time_point begun_, drawn_;
  bool visible_ = false;
};

// Where a bar would only be noise.
class Lines final : public host::Progress {
  void say(std::string_view line) override { std::fputs(fmt::format("{}\n", line).c_str(), stderr); }
};

}  // namespace

std::unique_ptr<host::Progress> make_progress(const host::Terminal& terminal) {
  if (!terminal.is_terminal) return std::make_unique<Lines>();
  return std::make_unique<ProgressBar>(terminal);
}

}  // namespace dimple::cli
