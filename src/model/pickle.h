// Reads a Python pickle as data. Nothing is imported and nothing is called: a pickle is a list of instructions that
// could run anything, so this machine knows only those that build numbers, texts, tuples, lists and dicts. What a
// pickle wants called (a tensor put together, say) stays a record of the callee and its arguments; the callee must
// stand in the caller's list. Any other instruction and any other name is refused.
#pragma once
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dimple::model {

struct PickleObject;

struct PickleValue {
  enum class Kind : uint8_t { none, boolean, integer, real, text, global, tuple, list, dict, call, reference };
  Kind kind = Kind::none;
  int64_t integer = 0;  // boolean, integer
  double real = 0;
  std::string_view text;           // text: looks into the pickle; global: into the list of those allowed
  PickleObject* object = nullptr;  // tuple and what follows; may lie on a circle
};

struct PickleObject {
  std::vector<PickleValue> items;                            // call: the callee, its arguments; reference: its id
  std::vector<std::pair<PickleValue, PickleValue>> entries;  // dict, or a call that makes one
};

inline constexpr size_t kMaxPickleBytes = size_t{8} << 20;  // a thousand tensors need a hundred kilobytes

class Pickle {
 public:
  // `allowed`: "module name". Throws host::Error(Exit::model) that names `source`. The bytes must outlive the pickle.
  Pickle(std::span<const uint8_t> bytes, std::span<const std::string_view> allowed, const std::string& source);

  const PickleValue& root() const { return root_; }

 private:
  friend class PickleMachine;
  std::deque<PickleObject> objects_;  // addresses stay; an owner outside of the objects, which may point in circles
  PickleValue root_;
};

}  // namespace dimple::model
