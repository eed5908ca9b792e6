#include "data/datasets/csv_rows.h"

#include <fmt/format.h>

#include "data/csv.h"
#include "data/datasets/archive.h"
#include "host/error.h"

namespace dimple::data {
namespace {

class Rows {
 public:
  Rows(const std::string& where, std::initializer_list<std::string_view> columns, const TakeRow& take)
      : where_(where),
        columns_(columns),
        take_(take),
        lines_(where, [this](std::string_view text, int64_t number) { line(text, number); }) {}

  void feed(std::string_view chunk) { lines_.feed(chunk); }
  void finish() {
    lines_.finish();
    if (place_.empty()) refuse(1, "the file is empty");
  }

 private:
  [[noreturn]] void refuse(int64_t line, const std::string& why) const {
    throw host::Error(host::Exit::input, fmt::format("cannot read {}, line {}: {}", where_, line, why));
  }

  void line(std::string_view text, int64_t number) {
    split_fields(text, fields_);
    if (number == 1) {
      for (const std::string_view column : columns_) {
        place_.push_back(find_column(fields_, column));
        if (place_.back() < 0) refuse(1, fmt::format("no column `{}`", column));
      }
      return;
    }
    if (text.empty()) return;
    values_.clear();
    for (const int place : place_) {
      if (static_cast<size_t>(place) >= fields_.size()) refuse(number, "a short row");
      values_.push_back(fields_[static_cast<size_t>(place)]);
    }
    take_(values_, number);
  }

  std::string where_;
  std::vector<std::string_view> columns_, fields_, values_;
  std::vector<int> place_;
  const TakeRow& take_;
  Lines lines_;
};

}  // namespace

void read_csv_file(const std::string& path, std::initializer_list<std::string_view> columns, const TakeRow& take) {
  Rows rows(path, columns, take);
  read_stream(path, [&](std::string_view chunk) { rows.feed(chunk); });
  rows.finish();
}

void read_csv_text(std::string_view text, const std::string& where, std::initializer_list<std::string_view> columns,
                   const TakeRow& take) {
  Rows rows(where, columns, take);
  rows.feed(text);
  rows.finish();
}

}  // namespace dimple::data
