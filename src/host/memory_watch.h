// Some libraries call it damage that memory ran out, or do without what they had no memory for. malloc leaves ENOMEM in
// errno, whatever they make of it.
#pragma once
#include <cerrno>
#include <new>

namespace dimple::host {

// From here on, in this thread, until errno is set to something else: one call of a library.
class MemoryWatch {
 public:
  MemoryWatch() { errno = 0; }
  bool ran_out() const { return errno == ENOMEM; }
  void check() const {
    if (ran_out()) throw std::bad_alloc();
  }
};

}  // namespace dimple::host
