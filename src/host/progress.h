// Long work reports its progress here. Library code calls this and prints nothing.
#pragma once
#include <cstdint>
#include <string_view>

namespace dimple::host {

class Progress {
 public:
  virtual ~Progress() = default;
  virtual void start(int64_t /*total*/, std::string_view /*what*/) {}  // total 0: unknown
  virtual void advance(int64_t /*n*/ = 1, std::string_view /*note*/ = {}) {}
  virtual void finish() {}
  virtual void say(std::string_view /*line*/) {}  // a line worth keeping, e.g. one per epoch
};

// Says nothing.
class NoProgress final : public Progress {};

}  // namespace dimple::host
