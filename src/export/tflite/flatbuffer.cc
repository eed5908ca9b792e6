// A table is an int32 (how far its vtable lies before it) and its fields; a vtable is three kinds of uint16: its own
// size, the table's size, and for each field number where in the table that field lies, 0 for one that is not there.
// A field that is no scalar holds how far ahead its object lies. A vector begins with its count. All is little-endian.
#include "export/tflite/flatbuffer.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace dimple::exports {
namespace {

template <class T>
std::string as_bytes(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

}  // namespace

FlatTable& FlatTable::scalar(int field, int size, int64_t value) {
  fields_.push_back({field, Scalar{size, value}});
  return *this;
}
FlatTable& FlatTable::vector(int field, std::string bytes, size_t count, size_t alignment) {
  fields_.push_back({field, Vector{std::move(bytes), static_cast<uint32_t>(count), alignment}});
  return *this;
}
FlatTable& FlatTable::real(int field, float value) { return scalar(field, 4, std::bit_cast<int32_t>(value)); }
FlatTable& FlatTable::table(int field, FlatTable value) {
  fields_.push_back({field, std::make_shared<FlatTable>(std::move(value))});
  return *this;
}
FlatTable& FlatTable::tables(int field, FlatTables values) {
  fields_.push_back({field, std::make_shared<FlatTables>(std::move(values))});
  return *this;
}
FlatTable& FlatTable::text(int field, std::string_view value) {
  return vector(field, std::string(value) + '\0', value.size(), 1);  // a zero behind it that is not counted
}
FlatTable& FlatTable::bytes(int field, std::string_view value) {
  return vector(field, std::string(value), value.size(), 16);
}
FlatTable& FlatTable::words(int field, const std::vector<int32_t>& values) {
  return vector(field, as_bytes(values), values.size(), 4);
}
FlatTable& FlatTable::longs(int field, const std::vector<int64_t>& values) {
  return vector(field, as_bytes(values), values.size(), 8);
}
FlatTable& FlatTable::reals(int field, const std::vector<float>& values) {
  return vector(field, as_bytes(values), values.size(), 4);
}

class FlatLayout {
 public:
  std::vector<uint8_t> write(const FlatTable& root, std::string_view identifier) {
    append<uint32_t>(0);
    out_.insert(out_.end(), identifier.begin(), identifier.end());
    point(0, place(root));
    return std::move(out_);
  }

 private:
  using Table = FlatTable;

  template <class T>
  void append(T value) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(&value);
    out_.insert(out_.end(), bytes, bytes + sizeof value);
  }
  template <class T>
  void set(size_t at, T value) {
    std::memcpy(out_.data() + at, &value, sizeof value);
  }
  void point(size_t from, size_t to) { set(from, static_cast<uint32_t>(to - from)); }
  // Zeros until what begins `ahead` bytes further on is aligned.
  void align(size_t alignment, size_t ahead = 0) {
    while ((out_.size() + ahead) % alignment != 0) out_.push_back(0);
  }

  size_t place(const Table& table) {
    int numbers = 0;
    for (const Table::Field& f : table.fields_) numbers = std::max(numbers, f.number + 1);
    const size_t vtable_bytes = 4 + 2 * static_cast<size_t>(numbers);
    align(4, vtable_bytes);
    const size_t vtable = out_.size(), start = vtable + vtable_bytes;
    out_.resize(start);
    append(static_cast<int32_t>(vtable_bytes));
    std::vector<size_t> places;
    for (const Table::Field& f : table.fields_) {
      const auto* scalar = std::get_if<Table::Scalar>(&f.value);
      const size_t size = scalar ? static_cast<size_t>(scalar->size) : 4;
      align(size);
      places.push_back(out_.size());
      set(vtable + 4 + 2 * static_cast<size_t>(f.number), static_cast<uint16_t>(out_.size() - start));
      for (size_t i = 0; i < size; ++i) out_.push_back(scalar ? static_cast<uint8_t>(scalar->value >> 8 * i) : 0);
    }
    set(vtable, static_cast<uint16_t>(vtable_bytes));
    set(vtable + 2, static_cast<uint16_t>(out_.size() - start));
    for (size_t i = 0; i < places.size(); ++i) place_behind(places[i], table.fields_[i]);
    return start;
  }

  void place_behind(size_t from, const Table::Field& f) {
    if (const auto* table = std::get_if<std::shared_ptr<FlatTable>>(&f.value)) {
      point(from, place(**table));
    } else if (const auto* vector = std::get_if<Table::Vector>(&f.value)) {
      align(std::max<size_t>(4, vector->alignment), 4);
      point(from, out_.size());
      append(vector->count);
      out_.insert(out_.end(), vector->bytes.begin(), vector->bytes.end());
    } else if (const auto* tables = std::get_if<std::shared_ptr<FlatTables>>(&f.value)) {
      align(4);
      const size_t start = out_.size();
      point(from, start);
      append(static_cast<uint32_t>((*tables)->size()));
      out_.resize(start + 4 + 4 * (*tables)->size());
      for (size_t i = 0; i < (*tables)->size(); ++i) point(start + 4 + 4 * i, place((**tables)[i]));
    }
  }

  std::vector<uint8_t> out_;
};

std::vector<uint8_t> lay_out(const FlatTable& root, std::string_view identifier) {
  return FlatLayout().write(root, identifier);
}

}  // namespace dimple::exports
