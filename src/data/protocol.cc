#include "data/protocol.h"

#include <fmt/format.h>

#include "data/duplicates.h"
#include "data/split.h"
#include "data/votes.h"
#include "host/error.h"
#include "model/labels.h"

namespace dimple::data {
namespace {

constexpr int32_t kCkplusFolds = 10;

Dataset with_targets(Dataset set) {
  if (!set.votes.empty()) set_vote_targets(set);
  return set;
}

Dataset apply_fer2013(const Dataset& set, const ProtocolOptions&) { return with_targets(set); }

// Rows where most taggers agree on one of the eight; unknown, non-face, ties, and rows whose votes may be another's
// drop out.
Dataset apply_ferplus(const Dataset& set, const ProtocolOptions&) {
  if (set.votes.empty())
    throw host::Error(host::Exit::input, "protocol ferplus needs the votes of FER+",
                      "put fer2013new.csv beside the csv, or name it with --votes");
  const std::vector<std::string> labels = {"neutral", "happy",   "surprise", "sad",
                                           "angry",   "disgust", "fear",     "contempt"};
  const auto class_of_vote = model::map_labels(set.vote_names, labels);
  std::vector<int32_t> rows, row_labels;
  for (size_t i = 0; i < set.size(); ++i) {
    const int32_t vote = most_votes(set, i);
    if (vote < 0 || class_of_vote[static_cast<size_t>(vote)] < 0) continue;
    if (!set.doubt.empty() && (set.doubt[i] & kDoubtPlace) != 0) continue;
    rows.push_back(static_cast<int32_t>(i));
    row_labels.push_back(class_of_vote[static_cast<size_t>(vote)]);
  }
  Dataset out = select_rows(set, rows);
  out.target.clear();
  out.labels = labels;
  out.label = row_labels;
  return with_targets(std::move(out));
}

Dataset apply_ckplus(const Dataset& set, const ProtocolOptions& options) {
  Dataset out = set;
  split_by_fold(out, subject_folds(set, kCkplusFolds), kCkplusFolds, options.fold);
  return out;
}

}  // namespace

const std::vector<Protocol>& protocols() {
  static const std::vector<Protocol> list = {
      {"fer2013", "fer2013",
       "28,709 Training / 3,589 PublicTest (validation) / 3,589 PrivateTest (test), 7 classes, raw and without test "
       "pictures that are byte copies of training pictures",
       1, apply_fer2013},
      {"ferplus", "fer2013",
       "the same pictures, 8 classes by most of 10 votes; unknown, non-face, ties and rows of uncertain place dropped",
       1, apply_ferplus},
      {"ckplus", "ckplus",
       "981 pictures, 7 classes, 10 folds that share no subject; the fold after the tested one validates", kCkplusFolds,
       apply_ckplus},
  };
  return list;
}

const Protocol& find_protocol(const std::string& name, const Dataset& set) {
  std::string known;
  for (const Protocol& protocol : protocols()) {
    known += fmt::format("{}{}", known.empty() ? "" : ", ", protocol.name);
    if (name.empty() ? set.name != protocol.set : name != protocol.name) continue;
    if (set.name != protocol.set)
      throw host::Error(host::Exit::input,
                        fmt::format("protocol {} is for {}, not for {}", protocol.name, protocol.set, set.name));
    return protocol;
  }
  if (name.empty()) throw host::Error(host::Exit::input, fmt::format("no protocol is known for {}", set.name));
  throw host::Error(host::Exit::usage, fmt::format("unknown protocol {}", name), "known are: " + known);
}

Dataset apply_protocol(const std::string& name, const Dataset& set, const ProtocolOptions& options) {
  Dataset out = find_protocol(name, set).apply(set, options);
  check(out, out.name);
  return out;
}

TestRows test_rows(const Dataset& set, Split split) {
  TestRows rows{rows_of(set, split), {}};
  const auto copy = copies_of_training(set);
  for (const int32_t row : rows.raw)
    if (!copy[static_cast<size_t>(row)]) rows.deduplicated.push_back(row);
  return rows;
}

}  // namespace dimple::data
