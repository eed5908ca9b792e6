#include "data/protocol.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

#include "data/datasets/fer2013/fer2013.h"
#include "data/duplicates.h"
#include "data/split.h"
#include "data/votes.h"
#include "host/error.h"
#include "model/labels.h"

namespace dimple::data {
namespace {

constexpr int32_t kCkplusFolds = 10, kOwnFolds = 5;

Dataset with_targets(Dataset set) {
  if (!set.votes.empty()) set_vote_targets(set);
  return set;
}

// Where nothing is dealt every fold is the same one: a study of them would repeat nothing and show no spread.
void refuse_fold(const Dataset& set, const ProtocolOptions& options) {
  if (options.fold == 0) return;
  throw host::Error(host::Exit::usage,
                    fmt::format("fold {}: {} is not dealt into folds, its split is fixed", options.fold,
                                set.split_from.empty() ? set.name : set.split_from),
                    "leave the fold away; protocol ckplus has folds, and own where no test pictures are set apart");
}

Dataset apply_fer2013(const Dataset& set, const ProtocolOptions& options) {
  refuse_fold(set, options);
  return with_targets(set);
}

// The eight classes come from the votes, so what became of the seven is lost, and pictures with it: not without a word.
void refuse_mapped(const Dataset& set) {
  if (!std::equal(set.labels.begin(), set.labels.end(), kFer2013Labels.begin(), kFer2013Labels.end()))
    throw host::Error(host::Exit::usage,
                      "protocol ferplus has eight classes of its own: --labels and --map do not go with it",
                      "protocol fer2013 takes them, and the votes follow");
}

// Rows where most taggers agree on one of the eight; unknown, non-face, ties, and rows whose votes may be another's
// drop out.
Dataset apply_ferplus(const Dataset& set, const ProtocolOptions& options) {
  refuse_fold(set, options);
  if (set.votes.empty())
    throw host::Error(host::Exit::input, "protocol ferplus needs the votes of FER+",
                      "put fer2013new.csv beside the csv, or name it with --votes");
  refuse_mapped(set);
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

// The split that is there. What is missing is dealt out of the training pictures, people kept on one side where they
// are known: a tenth to validate with, and before it a fifth to test with when nothing is there to be tested on.
Dataset apply_own(const Dataset& set, const ProtocolOptions& options) {
  const bool dealt = set.split_from.empty() && rows_of(set, Split::test).empty() && !rows_of(set, Split::train).empty();
  if (!dealt) refuse_fold(set, options);
  Dataset out = set;
  if (set.split_from.empty()) {
    const auto deal = [&](Split to, int32_t folds, int32_t fold) {
      const std::vector<int32_t> rows = rows_of(out, Split::train);
      if (rows.empty() || !rows_of(out, to).empty()) return;
      const Dataset part = select_rows(out, rows);
      const auto fold_of = person_folds(part, folds);
      for (size_t i = 0; i < rows.size(); ++i)
        if (fold_of[i] == fold) out.split[static_cast<size_t>(rows[i])] = to;
    };
    if (options.fold < 0 || options.fold >= kOwnFolds)
      throw host::Error(host::Exit::usage, fmt::format("fold {} of {}: folds count from 0", options.fold, kOwnFolds));
    deal(Split::test, kOwnFolds, options.fold);
    deal(Split::validation, 10, 0);
  }
  return with_targets(std::move(out));
}

Dataset apply_cafe(const Dataset& set, const ProtocolOptions& options) {
  refuse_fold(set, options);
  Dataset out = set;
  std::ranges::fill(out.split, Split::test);
  out.test_only = {set.name};
  return out;
}

// The set's own protocol first, so that its split and its votes are what they would be, then two classes of them.
Dataset apply_smile(const Dataset& set, const ProtocolOptions& options) {
  Dataset out = find_protocol("", set).apply(set, options);
  const int happy = model::find_label(out.labels, "happy");
  if (happy < 0 || out.labels.size() < 2)
    throw host::Error(host::Exit::input, fmt::format("protocol smile needs happy and other faces; {} has {}", set.name,
                                                     fmt::join(out.labels, ", ")));
  std::vector<float> target;
  for (size_t i = 0; i < out.size(); ++i) {
    if (!out.target.empty()) {
      const float smile = out.target_of(i)[static_cast<size_t>(happy)];
      target.insert(target.end(), {1 - smile, smile});
    }
    out.label[i] = out.label[i] == happy ? 1 : 0;
  }
  out.target = std::move(target);
  out.labels = {"other", "happy"};
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
      {"cafe", "cafe",
       "every picture is tested and none is ever trained on; balanced accuracy and macro F1, sliced by ethnicity and "
       "mouth",
       1, apply_cafe},
      {"own", "",
       "the set's own split; a missing test or validation part is dealt out of training, people kept on one side where "
       "they are known",
       kOwnFolds, apply_own},
      {"smile", "", "happy against the rest (other), split as the set's own protocol does", 1, apply_smile},
  };
  return list;
}

const Protocol& find_protocol(const std::string& name, const Dataset& set) {
  const std::string set_name = set.split_from.empty() ? set.name : "";
  std::string known;
  const Protocol* own = nullptr;
  for (const Protocol& protocol : protocols()) {
    known += fmt::format("{}{}", known.empty() ? "" : ", ", protocol.name);
    const std::string_view for_set = protocol.set;
    if (std::string_view(protocol.name) == "own") own = &protocol;
    if (name.empty() ? for_set.empty() || set_name != for_set : name != protocol.name) continue;
    if (!for_set.empty() && set.name != for_set)
      throw host::Error(host::Exit::input,
                        fmt::format("protocol {} is for {}, not for {}", protocol.name, for_set, set.name));
    if (!for_set.empty() && set_name != for_set)
      throw host::Error(host::Exit::usage, fmt::format("protocol {} has a split of its own", protocol.name),
                        "give it or a split file, not both");
    return protocol;
  }
  if (name.empty()) return *own;
  throw host::Error(host::Exit::usage, fmt::format("unknown protocol {}", name), "known are: " + known);
}

Dataset apply_protocol(const std::string& name, const Dataset& set, const ProtocolOptions& options) {
  Dataset out = find_protocol(name, set).apply(set, options);
  check(out, out.name);
  return out;
}

void check_trainable(const Dataset& set, bool force) {
  const auto rows = rows_of(set, Split::train);
  if (rows.empty())
    throw host::Error(host::Exit::gate,
                      fmt::format("there is nothing to learn from: {} has no training pictures", set.name),
                      set.test_only.empty() ? "" : "it is for tests only; take it as --data of `dimple val`");
  refuse_leaks(set, set.split_from.empty() ? set.name : set.split_from, force);
  std::vector<int64_t> pictures(set.labels.size());
  for (const int32_t row : rows) ++pictures[static_cast<size_t>(set.label[static_cast<size_t>(row)])];
  std::string rest;
  for (size_t c = 0; c < pictures.size(); ++c)
    if (pictures[c] > 0) rest += (rest.empty() ? "" : ",") + set.labels[c];
  for (size_t c = 0; c < pictures.size(); ++c)
    if (pictures[c] == 0)
      throw host::Error(host::Exit::input,
                        fmt::format("{} has no training picture of {}: it cannot be learned", set.name, set.labels[c]),
                        "the classes that have some: --labels " + rest);
}

TestRows test_rows(const Dataset& set, Split split) {
  TestRows rows{rows_of(set, split), {}};
  const auto copy = copies_of_training(set);
  for (const int32_t row : rows.raw)
    if (!copy[static_cast<size_t>(row)]) rows.deduplicated.push_back(row);
  return rows;
}

}  // namespace dimple::data
