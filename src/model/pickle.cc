#include "model/pickle.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <unordered_map>

#include "host/error.h"

namespace dimple::model {

using Kind = PickleValue::Kind;

class PickleMachine {
 public:
  PickleMachine(Pickle& pickle, std::span<const uint8_t> bytes, std::span<const std::string_view> allowed,
                const std::string& source)
      : pickle_(pickle), rest_(bytes), allowed_(allowed), source_(source) {}

  PickleValue run() {
    while (true) {
      const uint8_t opcode = take(1)[0];
      if (opcode == '.') return pop();
      step(opcode);
    }
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw host::Error(host::Exit::model, fmt::format("cannot read {}: {}", source_, why),
                      "Dimple runs no code from weight files; load it in Python where you trust it, and save its "
                      "state dict alone, or as safetensors");
  }

  // What is read
  std::span<const uint8_t> take(uint64_t count) {
    if (count > rest_.size()) refuse("its pickle is cut short");
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  uint64_t number(size_t count) {  // little-endian
    uint64_t value = 0;
    const auto digits = take(count);
    for (size_t i = count; i-- > 0;) value = value << 8 | digits[i];
    return value;
  }
  std::string_view text(uint64_t count) {
    const auto letters = take(count);
    return {reinterpret_cast<const char*>(letters.data()), letters.size()};
  }
  std::string_view line() {
    const auto end = std::ranges::find(rest_, uint8_t{'\n'});
    if (end == rest_.end()) refuse("its pickle is cut short");
    const std::string_view found = text(static_cast<uint64_t>(end - rest_.begin()));
    take(1);
    return found;
  }
  int64_t long_integer() {  // two's complement of a stated length
    const size_t count = number(1);
    if (count > 8) refuse("its pickle holds a number beyond 64 bits");
    if (count == 0) return 0;
    const auto unused = static_cast<int>(8 * (8 - count));
    return static_cast<int64_t>(number(count) << unused) >> unused;
  }
  double real() {  // big-endian
    uint64_t bits = 0;
    for (const uint8_t byte : take(8)) bits = bits << 8 | byte;
    return std::bit_cast<double>(bits);
  }

  // The stack, its marks, the memo
  void push(PickleValue value) { stack_.push_back(value); }
  PickleValue pop() {
    if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) refuse("its pickle takes what it never put down");
    const PickleValue value = stack_.back();
    stack_.pop_back();
    return value;
  }
  PickleValue& top() {
    push(pop());
    return stack_.back();
  }
  std::vector<PickleValue> pop_to_mark() {
    if (marks_.empty()) refuse("its pickle lacks a mark");
    const auto from = stack_.begin() + static_cast<ptrdiff_t>(marks_.back());
    std::vector<PickleValue> values(from, stack_.end());
    stack_.erase(from, stack_.end());
    marks_.pop_back();
    return values;
  }
  std::vector<PickleValue> pop_some(size_t count) {
    std::vector<PickleValue> values(count);
    while (count-- > 0) values[count] = pop();
    return values;
  }
  void remember(uint64_t slot) { memo_[slot] = top(); }
  void recall(uint64_t slot) {
    const auto it = memo_.find(slot);
    if (it == memo_.end()) refuse("its pickle recalls what it never kept");
    push(it->second);
  }

  // What is built
  void push_object(Kind kind, std::vector<PickleValue> items = {}) {
    pickle_.objects_.push_back({std::move(items), {}});
    push({.kind = kind, .object = &pickle_.objects_.back()});
  }
  void push_global(std::string_view module, std::string_view name) {
    const std::string whole = fmt::format("{} {}", module, name);
    const auto known = std::ranges::find(allowed_, std::string_view(whole));
    if (known == allowed_.end())
      refuse(fmt::format("it wants {}.{}, which no state dict needs", module.substr(0, 100), name.substr(0, 100)));
    push({.kind = Kind::global, .text = *known});
  }
  void call() {
    auto parts = pop_some(2);
    if (parts[0].kind != Kind::global || parts[1].kind != Kind::tuple) refuse("its pickle calls what is no function");
    push_object(Kind::call, std::move(parts));
  }
  void append(const std::vector<PickleValue>& values) {
    if (top().kind != Kind::list) refuse("its pickle appends to what is no list");
    auto& items = top().object->items;
    items.insert(items.end(), values.begin(), values.end());
  }
  void set_items(const std::vector<PickleValue>& values) {
    if (values.size() % 2) refuse("its pickle has a key without a value");
    if (top().kind != Kind::dict && top().kind != Kind::call) refuse("its pickle puts a key into what is no dict");
    for (size_t i = 0; i < values.size(); i += 2) top().object->entries.emplace_back(values[i], values[i + 1]);
  }
  // A state dict carries attributes (the versions of its modules) that say nothing about its tensors: dropped.
  void drop_state() {
    pop();
    if (top().kind != Kind::call) refuse("its pickle gives attributes to what has none");
  }

  void step(uint8_t opcode);

  Pickle& pickle_;
  std::span<const uint8_t> rest_;
  std::span<const std::string_view> allowed_;
  const std::string& source_;
  std::vector<PickleValue> stack_;
  std::vector<size_t> marks_;
  std::unordered_map<uint64_t, PickleValue> memo_;
};

// Every instruction this machine knows; torch.save uses these at protocol 2 and pickle's later protocols the rest.
void PickleMachine::step(uint8_t opcode) {
  switch (opcode) {
    case 0x80:  // PROTO
      if (const uint64_t protocol = number(1); protocol < 2 || protocol > 5) refuse("an unknown pickle protocol");
      return;
    case 0x95: take(8); return;                                     // FRAME: lengths, needed by streams only
    case '(': marks_.push_back(stack_.size()); return;              // MARK
    case 'N': return push({});                                      // NONE
    case 0x88: return push({.kind = Kind::boolean, .integer = 1});  // NEWTRUE
    case 0x89: return push({.kind = Kind::boolean, .integer = 0});  // NEWFALSE
    case 'K': return push({.kind = Kind::integer, .integer = static_cast<int64_t>(number(1))});  // BININT1
    case 'M': return push({.kind = Kind::integer, .integer = static_cast<int64_t>(number(2))});  // BININT2
    case 'J': return push({.kind = Kind::integer, .integer = static_cast<int32_t>(number(4))});  // BININT
    case 0x8a: return push({.kind = Kind::integer, .integer = long_integer()});                  // LONG1
    case 'G': return push({.kind = Kind::real, .real = real()});                                 // BINFLOAT
    case 'X': return push({.kind = Kind::text, .text = text(number(4))});                        // BINUNICODE
    case 0x8c: return push({.kind = Kind::text, .text = text(number(1))});                       // SHORT_BINUNICODE
    case ')': return push_object(Kind::tuple);                                                   // EMPTY_TUPLE
    case 't': return push_object(Kind::tuple, pop_to_mark());                                    // TUPLE
    case 0x85: return push_object(Kind::tuple, pop_some(1));                                     // TUPLE1
    case 0x86: return push_object(Kind::tuple, pop_some(2));                                     // TUPLE2
    case 0x87: return push_object(Kind::tuple, pop_some(3));                                     // TUPLE3
    case ']': return push_object(Kind::list);                                                    // EMPTY_LIST
    case 'a': return append(pop_some(1));                                                        // APPEND
    case 'e': return append(pop_to_mark());                                                      // APPENDS
    case '}': return push_object(Kind::dict);                                                    // EMPTY_DICT
    case 's': return set_items(pop_some(2));                                                     // SETITEM
    case 'u': return set_items(pop_to_mark());                                                   // SETITEMS
    case 'q': return remember(number(1));                                                        // BINPUT
    case 'r': return remember(number(4));                                                        // LONG_BINPUT
    case 0x94: return remember(memo_.size());                                                    // MEMOIZE
    case 'h': return recall(number(1));                                                          // BINGET
    case 'j': return recall(number(4));                                                          // LONG_BINGET
    case 'c': {                                                                                  // GLOBAL
      const std::string_view module = line();
      return push_global(module, line());
    }
    case 0x93: {  // STACK_GLOBAL
      const auto names = pop_some(2);
      if (names[0].kind != Kind::text || names[1].kind != Kind::text) refuse("its pickle names a class by no text");
      return push_global(names[0].text, names[1].text);
    }
    case 'Q': return push_object(Kind::reference, pop_some(1));  // BINPERSID
    case 'R': return call();                                     // REDUCE
    case 'b': return drop_state();                               // BUILD
    default: refuse(fmt::format("its pickle has the instruction 0x{:02x}, which no state dict needs", opcode));
  }
}

Pickle::Pickle(std::span<const uint8_t> bytes, std::span<const std::string_view> allowed, const std::string& source) {
  if (bytes.size() > kMaxPickleBytes)
    throw host::Error(host::Exit::model, fmt::format("cannot read {}: its pickle is longer than 8 MB", source));
  root_ = PickleMachine(*this, bytes, allowed, source).run();
}

}  // namespace dimple::model
