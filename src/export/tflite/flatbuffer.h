// FlatBuffers as they lie in a file. A table is described first, with all that it holds, and laid out at the end: each
// table before what it points to, so that all offsets point forwards, as readers demand.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace dimple::exports {

class FlatTable;
using FlatTables = std::vector<FlatTable>;

class FlatTable {
 public:
  // A field is named by its number in the schema; one that is never set has its default there.
  FlatTable& byte(int field, int value) { return scalar(field, 1, value); }
  FlatTable& word(int field, int64_t value) { return scalar(field, 4, value); }
  FlatTable& real(int field, float value);
  FlatTable& table(int field, FlatTable value);
  FlatTable& tables(int field, FlatTables values);
  FlatTable& text(int field, std::string_view value);
  FlatTable& bytes(int field, std::string_view value);  // aligned to 16
  FlatTable& words(int field, const std::vector<int32_t>& values);
  FlatTable& longs(int field, const std::vector<int64_t>& values);
  FlatTable& reals(int field, const std::vector<float>& values);

 private:
  friend class FlatLayout;

  struct Scalar {
    int size;
    int64_t value;
  };
  struct Vector {  // its elements, how many, and where the first must lie
    std::string bytes;
    uint32_t count;
    size_t alignment;
  };
  struct Field {
    int number;
    std::variant<Scalar, Vector, std::shared_ptr<FlatTable>, std::shared_ptr<FlatTables>> value;
  };

  FlatTable& scalar(int field, int size, int64_t value);
  FlatTable& vector(int field, std::string bytes, size_t count, size_t alignment);

  std::vector<Field> fields_;
};

// A file with this table as its root, and an identifier of four letters.
std::vector<uint8_t> lay_out(const FlatTable& root, std::string_view identifier);

}  // namespace dimple::exports
