// A set of labelled face pictures, decoded, in memory: what every importer makes and every trainer reads.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace dimple::data {

enum class Split : uint8_t { train = 0, validation = 1, test = 2 };

constexpr const char* name_of(Split split) {
  return split == Split::train ? "train" : split == Split::validation ? "validation" : "test";
}

// Why a row of a source should not be used blindly; the first bits are those of FER2013's doubtful_rows.csv.
enum Doubt : uint8_t {
  kDoubtPixels = 1,   // pixels came through a lossy codec
  kDoubtPlace = 2,    // its place in the split is uncertain, so row-wise votes may belong to another picture
  kDoubtLabel = 4,    // label may be swapped with an identical picture
  kDoubtConsent = 8,  // who is shown agreed to tests, not to being learned from: nothing overrides that
};

// How pictures frame a face, seen from the box that our face finder draws: this much larger, and this much lower. It
// travels with the weights: what is read later is cropped like what was learned. The default is FER2013's, measured
// (docs/decisions/0003-face-finder.md).
struct Framing {
  int32_t margin_permille = 48, shift_permille = 16;
  bool operator==(const Framing&) const = default;
};

// Something that is known of each picture and by which results can be sliced: "ethnicity", "mouth", "age". A value is
// "" where it is unknown.
struct Group {
  std::string name;
  std::vector<std::string> value;  // N
  bool operator==(const Group&) const = default;
};

// A file that should have been a picture of the set, and why it is not: listed, never silently passed over.
struct BadFile {
  std::string file, why;
  bool operator==(const BadFile&) const = default;
};

// Pictures that could be read and are not in the set nevertheless: 1204 x "labelled `none`".
struct LeftOut {
  std::string why;
  int32_t pictures = 0;
  bool operator==(const LeftOut&) const = default;
};

// Rows of all vectors belong together. A vector that a source cannot fill stays empty.
struct Dataset {
  std::string name;  // which importer made it: "fer2013"
  int32_t width = 0, height = 0, channels = 1;
  Framing framing;
  std::vector<std::string> labels;      // class names; `label` counts in them
  std::vector<uint8_t> pixels;          // N x height x width x channels
  std::vector<int32_t> label;           // N
  std::vector<float> target;            // N x labels.size(), rows sum to 1: what to train on where people disagree
  std::vector<Split> split;             // N
  std::vector<std::string> subject;     // N: who is shown
  std::vector<int32_t> duplicate_of;    // N: the first row with the same bytes (itself, when it is the first)
  std::vector<uint8_t> doubt;           // N: bits of Doubt
  std::vector<std::string> vote_names;  // what the taggers could choose
  std::vector<uint8_t> votes;           // N x vote_names.size()
  std::vector<int32_t> source_row;      // N: row in the source, from 0
  std::vector<std::string> file;        // N: its name inside the source, with forward slashes
  std::vector<Group> groups;            // what else is known of each picture
  std::vector<BadFile> quarantine;      // what could not be used...
  std::vector<LeftOut> left_out;        // ...and what was not wanted
  std::vector<std::string> test_only;   // the sets in it that must not be trained on
  std::string split_from;               // "": the source's own split; else the split file that was applied
  std::string sha256;                   // of what was decoded: size, pixels, labels, splits

  bool operator==(const Dataset&) const = default;

  size_t size() const { return label.size(); }
  size_t picture_bytes() const { return static_cast<size_t>(width) * height * channels; }
  std::span<const uint8_t> picture(size_t i) const {
    return std::span(pixels).subspan(i * picture_bytes(), picture_bytes());
  }
  std::span<const float> target_of(size_t i) const {
    return std::span(target).subspan(i * labels.size(), labels.size());
  }
  std::span<const uint8_t> votes_of(size_t i) const {
    return std::span(votes).subspan(i * vote_names.size(), vote_names.size());
  }
};

// The column of that name; nullptr: not there.
const Group* find_group(const Dataset& set, const std::string& name);

inline constexpr const char* kOrigin = "origin";

// Which set a row came from: its value in the group kOrigin, where sets were pooled, or the set's own name.
const std::string& origin_of(const Dataset& set, size_t row);

// There is no consent to learning from it.
bool lacks_consent(const Dataset& set, size_t row);
// That, or it belongs to a set that others are compared on.
bool for_tests_only(const Dataset& set, size_t row);

// The rows of one split, in order.
std::vector<int32_t> rows_of(const Dataset& set, Split split);

// Only these rows, in this order; `duplicate_of` is counted anew.
Dataset select_rows(const Dataset& set, std::span<const int32_t> rows);

// Throws host::Error(Exit::input) naming `source` when vectors disagree in length, a label has no name, a target is no
// distribution. Importers and the cache reader call it last.
void check(const Dataset& set, const std::string& source);

// What was decoded, as one hash: the same for a csv and its compressed form, and for one cut in other rows another.
std::string content_sha256(const Dataset& set);

}  // namespace dimple::data
