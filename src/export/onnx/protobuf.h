// Protocol buffers as they lie in a file: a message is a row of fields, each a key (its number and how it is coded) and
// a value. Enough to write with; a message is finished before the one that holds it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace dimple::exports {

class Message {
 public:
  Message& number(int field, int64_t value);
  Message& real(int field, float value);
  Message& text(int field, std::string_view bytes);
  Message& message(int field, const Message& inner) { return text(field, inner.bytes()); }

  const std::string& bytes() const { return bytes_; }

 private:
  void varint(uint64_t value);

  std::string bytes_;
};

}  // namespace dimple::exports
