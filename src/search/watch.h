// Of a search in a process of its own (host/watched_child.h): what is done when a signal has ended it, as a crash or a lack
// of memory does. The trial that was at work is recorded as failed, and another process goes on.
#pragma once
#include <string>

#include "host/watched_child.h"
#include "search/search.h"
#include "train/schedule.h"

namespace dimple::search {

class Watch {
 public:
  explicit Watch(const SearchRequest& request) : request_(request), before_(request) {}

  // A search of one process, where the system can do it.
  static bool is_for(const SearchRequest& request, const train::Rank& rank);

  // What the next process is asked.
  const SearchRequest& request() const { return request_; }
  // Returns what is worth saying. The child has told the store that it worked on, if it came so far. Throws host::Error where
  // nobody should go on: after a death in the first network, or after too many in a row.
  std::string hear(const host::ChildEnd& end);

 private:
  SearchRequest request_;
  const SearchRequest before_;
  const train::Stopwatch since_;
  size_t results_ = 0;  // that were there at the last death
  int in_a_row_ = 0;
};

}  // namespace dimple::search
