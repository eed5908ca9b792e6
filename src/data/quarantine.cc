#include "data/quarantine.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/csv.h"
#include "host/error.h"

namespace dimple::data {

void leave_out(Dataset& set, const std::string& why, int32_t pictures) {
  constexpr size_t kMostReasons = 1000;  // they are looked for one by one, and each is said
  constexpr const char* kOther = "for other reasons";
  if (pictures == 0) return;
  const auto known = std::ranges::find(set.left_out, why, &LeftOut::why);
  if (known != set.left_out.end())
    known->pictures += pictures;
  else if (set.left_out.size() >= kMostReasons && why != kOther)
    leave_out(set, kOther, pictures);
  else
    set.left_out.push_back({why, pictures});
}

void refuse_mostly_bad(const Dataset& set, const std::string& source) {
  const size_t bad = set.quarantine.size(), all = set.size() + bad;
  if (bad * 5 <= all) return;
  const BadFile& first = set.quarantine[0];
  throw host::Error(
      host::Exit::input,
      fmt::format("cannot use {}: {} of {} pictures are bad, first {}: {}", source, bad, all, first.file, first.why),
      "a set with so many is broken, or is not what it was taken for (--importer says what it is)");
}

void say_remarks(const Dataset& set, const host::Task& task) {
  constexpr size_t kShown = 3;
  if (!set.quarantine.empty()) {
    task.progress().say(fmt::format("{}: {} bad files are not used", set.name, set.quarantine.size()));
    for (size_t i = 0; i < std::min(kShown, set.quarantine.size()); ++i)
      task.progress().say(fmt::format("  {}: {}", set.quarantine[i].file, set.quarantine[i].why));
    if (set.quarantine.size() > kShown) task.progress().say("  ... quarantine.csv lists them all");
  }
  for (const LeftOut& out : set.left_out)
    task.progress().say(fmt::format("{}: {} pictures left out: {}", set.name, out.pictures, out.why));
}

std::string quarantine_csv(const Dataset& set) {
  std::string text = "file,why\n";
  for (const BadFile& bad : set.quarantine) text += host::csv_line({bad.file, bad.why});
  return text;
}

}  // namespace dimple::data
