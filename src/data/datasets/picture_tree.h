// Most data sets are pictures in folders (or in an archive of folders) whose names follow a rule, or stand in a table.
// An importer of such a set is that rule; walking, decoding, finding faces, resizing, and the list of what was bad are
// here, once.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/load.h"
#include "image/picture.h"
#include "media/caged_decoder.h"
#include "media/picture.h"

namespace dimple::data {

struct Shares {
  float left = 0, right = 1, top = 0, bottom = 1;
  bool operator==(const Shares&) const = default;
};

// One face of a picture: what the rule knows about it.
struct Entry {
  std::string label = {};                // in any spelling; empty: `skip` says why there is none
  std::string subject = {};              // empty: unknown
  std::vector<std::string> groups = {};  // as many as PictureTree::groups; shorter: the rest is unknown
  Split split = Split::train;
  std::optional<image::Box> face = {};  // where a table says so, in pixels of the picture...
  std::optional<Shares> shares = {};    // ...or in shares of its sides
  uint8_t doubt = 0;
  std::string skip = {};  // why a picture is not wanted: counted and said
};

inline constexpr size_t kMaxPictures = 2'000'000;
inline constexpr size_t kMostFaces = 1000;  // in one picture: a table may give all of them to every picture there is

struct PictureTree {
  const char* name = "";
  std::vector<std::string> labels = {};  // the classes, in order; empty: those that come up, sorted
  std::vector<std::string> groups = {};  // names of the columns
  int32_t extent = 64;                   // default size; 0: that of the pictures if they are small squares, else 64
  int32_t channels = 1;
  bool find_faces = false;  // by default: pictures show more than a face
  bool test_only = false;
  Framing framing = {};
  // What stands at this path inside the source; empty: no picture of the set. Throws host::Error when what the set says
  // of this one picture cannot be read: it is quarantined.
  std::function<std::vector<Entry>(const std::string& path)> read = {};
  // Paths a table promises; those that are not there are bad files.
  std::vector<std::string> promised = {};
  // Decodes, in this process, what media::decode does not know; nothing: leaves it to that one. Throws host::Error.
  std::function<std::optional<media::Picture>(std::string_view bytes, const std::string& where)> decode = {};
};

// Pictures of sets are many and small. A fresh worker costs at most 2.4 ms: shared among so many, 0.6 us, 1 % of the
// 0.06 ms in which a file is read, handed over (25 us of it) and decoded at best.
inline constexpr media::CageSettings kCageOfSets{.pictures = 4096};

// Throws host::Error(Exit::input): nothing there, or too much of it bad. In place when `options` or `cage` say so.
Dataset load_tree(const PictureTree& tree, const std::string& path, const LoadOptions& options,
                  const media::CageSettings& cage = kCageOfSets);

// True when most of the pictures found first are pictures of the tree.
bool looks_like(const std::function<std::vector<Entry>(const std::string&)>& read, const std::string& path);

// "fer2013/train/angry/x.png" is a picture by its name; so is .tiff, which only JAFFE's decoder reads.
bool is_picture_name(const std::string& path);

// A rule by table: exact path, or the path's end, which must be told apart by whole folders.
class EntryTable {
 public:
  void add(const std::string& path, Entry entry);
  std::vector<Entry> find(const std::string& path) const;
  std::vector<std::string> paths() const;
  bool empty() const { return entries_.empty(); }

 private:
  std::map<std::string, std::vector<Entry>, std::less<>> entries_;
};

}  // namespace dimple::data
