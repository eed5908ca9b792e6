// What is tried with the calls of a program to the system, and whether files that it leaves are whole.
#pragma once
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "host/csv.h"
#include "host/files.h"
#include "host/json.h"
#include "tests/faults/run_with_fault.h"

namespace dimple::tests {

struct Try {
  const char* kind;
  int number;
  bool from_then_on;

  Fault at(long call) const { return {kind, call, number, from_then_on}; }
  std::string name() const { return kind + std::string(from_then_on ? " from then on" : " once"); }
  // What a program that ends for it has said, in part.
  std::string words() const { return number == ENOMEM ? "memory" : host::describe_errno(number); }
};

inline constexpr Try kFileTries[] = {{"open", EIO, false},     {"open", EMFILE, true}, {"read", EIO, false},
                                     {"write", ENOSPC, false}, {"write", EIO, true},   {"sync", EIO, false},
                                     {"sync", ENOSPC, true},   {"rename", EIO, false}, {"rename", ENOSPC, true},
                                     {"mkdir", ENOSPC, false}, {"mkdir", ENOSPC, true}};
inline constexpr Try kThreadTries[] = {{"thread", EAGAIN, false}, {"thread", EAGAIN, true}};
inline constexpr Try kMemoryTries[] = {{"alloc", ENOMEM, false}, {"alloc", ENOMEM, true}};

// Of `calls`, at most `most`: spread over all of them, the last ones one by one.
inline std::vector<long> calls_to_try(long calls, long most) {
  const long last = std::max(most / 4, 1L), stride = calls <= most ? 1 : (calls - last) / (most - last) + 1;
  std::vector<long> chosen;
  for (long at = 1; at <= calls; at += at < calls - last ? stride : 1) chosen.push_back(at);
  return chosen;
}

// Of `calls`, at most `most` (from 2), evenly: the first and the last are among them.
inline std::vector<long> calls_evenly(long calls, long most) {
  const long count = std::min(calls, most);
  std::vector<long> chosen;
  for (long i = 0; i < count; ++i) chosen.push_back(count == 1 ? 1 : 1 + i * (calls - 1) / (count - 1));
  return chosen;
}

// Set, a test that is long otherwise tries every call.
inline bool all_are_asked_for() { return std::getenv("DIMPLE_FAULTS_ALL") != nullptr; }

using Files = std::map<std::string, std::string>;  // name -> content

inline Files files_below(const std::filesystem::path& folder) {
  Files files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files[entry.path().lexically_relative(folder)] = host::read_text(entry.path());
  return files;
}

// A file with times in it cannot be compared; cut short, it would not be one of its kind.
inline bool is_whole(const std::string& name, const std::string& text) {
  if (text.empty() && name.ends_with(".jsonl")) return true;  // no line yet
  if (!text.ends_with('\n')) return false;
  try {
    if (name.ends_with(".csv")) {
      const auto rows = host::parse_csv(text, name);
      return std::ranges::all_of(rows, [&](const auto& row) { return row.size() == rows[0].size(); });
    }
    for (size_t begin = 0, end = 0; name.ends_with(".jsonl") && begin < text.size(); begin = end + 1)
      end = text.find('\n', begin), host::parse_json(text.substr(begin, end - begin), name);
    if (name.ends_with(".json")) host::parse_json(text, name);
    return true;
  } catch (const host::Error&) {
    return false;
  }
}

}  // namespace dimple::tests
