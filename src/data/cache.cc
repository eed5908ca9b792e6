#include "data/cache.h"

#include <fmt/format.h>

#include <cerrno>
#include <concepts>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <type_traits>

#include "base/crc32.h"
#include "host/error.h"
#include "host/files.h"

namespace dimple::data {
namespace {

constexpr uint64_t kMaxBytes = uint64_t{16} << 30;
constexpr char kMagic[8] = {'D', 'M', 'P', 'L', 'D', 'A', 'T', 'A'};

struct Prologue {
  char magic[8];
  uint32_t version = kCacheVersion;
  uint32_t checksum = 0;
  uint64_t bytes = 0;
};
static_assert(sizeof(Prologue) == 24);

// Without a table it takes most of a second for FER2013; one CRC-32 in the house is worth that.
uint32_t checksum(std::string_view bytes) {
  return crc32({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
}

// What is stored, once, for writer and reader.
template <class Self, class F>
requires std::same_as<std::remove_const_t<Self>, Dataset>
void visit_fields(Self& set, F&& f) {
  f(set.name);
  f(set.width);
  f(set.height);
  f(set.channels);
  f(set.framing.margin_permille);
  f(set.framing.shift_permille);
  f(set.labels);
  f(set.pixels);
  f(set.label);
  f(set.target);
  f(set.split);
  f(set.subject);
  f(set.duplicate_of);
  f(set.doubt);
  f(set.vote_names);
  f(set.votes);
  f(set.source_row);
  f(set.file);
  f(set.groups);
  f(set.quarantine);
  f(set.left_out);
  f(set.test_only);
  f(set.split_from);
  f(set.sha256);
}

template <class Self, class F>
requires std::same_as<std::remove_const_t<Self>, Group>
void visit_fields(Self& group, F&& f) {
  f(group.name);
  f(group.value);
}

template <class Self, class F>
requires std::same_as<std::remove_const_t<Self>, BadFile>
void visit_fields(Self& bad, F&& f) {
  f(bad.file);
  f(bad.why);
}

template <class Self, class F>
requires std::same_as<std::remove_const_t<Self>, LeftOut>
void visit_fields(Self& out, F&& f) {
  f(out.why);
  f(out.pictures);
}

// What is stored byte for byte; the rest item by item.
template <class T>
concept Plain = std::is_trivially_copyable_v<T>;

struct Writer {
  std::string out;

  void raw(const void* data, size_t bytes) { out.append(static_cast<const char*>(data), bytes); }
  void operator()(const int32_t& v) { raw(&v, sizeof v); }
  void count(size_t n) {
    const uint64_t v = n;
    raw(&v, sizeof v);
  }
  void operator()(const std::string& s) {
    count(s.size());
    raw(s.data(), s.size());
  }
  void operator()(const std::vector<std::string>& v) {
    count(v.size());
    for (const auto& s : v) (*this)(s);
  }
  template <class T>
  void operator()(const std::vector<T>& v) {
    count(v.size());
    for (const T& item : v) visit_fields(item, *this);
  }
  template <Plain T>
  void operator()(const std::vector<T>& v) {
    count(v.size());
    raw(v.data(), v.size() * sizeof(T));
  }
};

struct Reader {
  std::string_view rest;
  std::string path;

  [[noreturn]] void refuse(const std::string& why) const {
    throw host::Error(host::Exit::input, fmt::format("cannot read {}: {}", path, why),
                      "write it anew with `dimple data cache`");
  }
  void raw(void* to, size_t bytes) {
    if (bytes > rest.size()) refuse("the tensor cache is cut short");
    if (bytes != 0) std::memcpy(to, rest.data(), bytes);
    rest.remove_prefix(bytes);
  }
  void operator()(int32_t& v) { raw(&v, sizeof v); }
  size_t count(size_t item_bytes) {
    uint64_t n = 0;
    raw(&n, sizeof n);
    if (n > rest.size() / item_bytes) refuse("the tensor cache is cut short");
    return static_cast<size_t>(n);
  }
  void operator()(std::string& s) {
    s.resize(count(1));
    raw(s.data(), s.size());
  }
  void operator()(std::vector<std::string>& v) {
    v.resize(count(sizeof(uint64_t)));
    for (auto& s : v) (*this)(s);
  }
  template <class T>
  void operator()(std::vector<T>& v) {
    v.resize(count(sizeof(uint64_t)));  // each holds at least the length of a string
    for (T& item : v) visit_fields(item, *this);
  }
  template <Plain T>
  void operator()(std::vector<T>& v) {
    v.resize(count(sizeof(T)));
    raw(v.data(), v.size() * sizeof(T));
  }
};

// Whether it is a cache of ours of the size that it says, before more of it is read: caches may be large.
void check_prologue(const std::string& path) {
  Prologue prologue;
  std::string head(sizeof prologue, '\0');
  std::ifstream file(path, std::ios::binary);
  head.resize(static_cast<size_t>(file.read(head.data(), sizeof prologue).gcount()));
  Reader reader{head, path};
  reader.raw(&prologue, sizeof prologue);
  if (std::memcmp(prologue.magic, kMagic, sizeof kMagic) != 0) reader.refuse("this is not a tensor cache");
  if (prologue.version != kCacheVersion)
    reader.refuse(fmt::format("version {} of the tensor cache, this build reads {}", prologue.version, kCacheVersion));
  std::error_code unknown;
  if (std::filesystem::file_size(path, unknown) - sizeof prologue != prologue.bytes)
    reader.refuse("the tensor cache is cut short or has a tail");
}

}  // namespace

bool is_cache(const std::string& path) {
  if (!std::filesystem::is_regular_file(path)) return false;
  char magic[sizeof kMagic] = {};
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw host::Error(host::exit_of_errno(errno, host::Exit::input),
                      fmt::format("cannot read {}: {}", path, host::describe_errno(errno)));
  file.read(magic, sizeof magic);
  return std::memcmp(magic, kMagic, sizeof magic) == 0;
}

void save_cache(const std::string& path, const Dataset& set) {
  check(set, "the data set to be cached");
  Writer writer;
  Prologue prologue;
  std::memcpy(prologue.magic, kMagic, sizeof kMagic);
  writer.out.reserve(set.pixels.size() + set.size() * 64 + 4096);
  writer.raw(&prologue, sizeof prologue);
  visit_fields(set, writer);
  prologue.bytes = writer.out.size() - sizeof prologue;
  prologue.checksum = checksum(std::string_view(writer.out).substr(sizeof prologue));
  std::memcpy(writer.out.data(), &prologue, sizeof prologue);

  host::write_atomic(path, writer.out);
}

Dataset load_cache(const std::string& path) {
  check_prologue(path);
  const std::string bytes = host::read_text(path, {.limit_bytes = kMaxBytes});
  Reader reader{bytes, path};
  Prologue prologue;
  reader.raw(&prologue, sizeof prologue);
  if (prologue.bytes != reader.rest.size()) reader.refuse("the tensor cache is cut short or has a tail");
  if (prologue.checksum != checksum(reader.rest))
    reader.refuse("the tensor cache is damaged: its checksum does not match");
  Dataset set;
  visit_fields(set, reader);
  if (!reader.rest.empty()) reader.refuse("the tensor cache has a tail");
  check(set, path);
  return set;
}

}  // namespace dimple::data
