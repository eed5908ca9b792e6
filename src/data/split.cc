#include "data/split.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "host/error.h"
#include "host/random.h"

namespace dimple::data {
namespace {

struct Subject {
  std::string name;
  std::vector<double> per_class;
  double pictures = 0;
};

std::vector<Subject> largest_first(const Dataset& set) {
  std::map<std::string, Subject> by_name;
  for (size_t i = 0; i < set.size(); ++i) {
    Subject& subject = by_name[set.subject[i]];
    subject.name = set.subject[i];
    subject.per_class.resize(set.labels.size());
    subject.per_class[static_cast<size_t>(set.label[i])] += 1;
    subject.pictures += 1;
  }
  std::vector<Subject> subjects;
  for (auto& [name, subject] : by_name) subjects.push_back(std::move(subject));
  std::ranges::stable_sort(subjects, std::greater{}, &Subject::pictures);
  return subjects;
}

}  // namespace

std::vector<int32_t> subject_folds(const Dataset& set, int32_t folds) {
  return deal_subjects(set, std::vector<double>(static_cast<size_t>(std::max(folds, 0)), 1));
}

std::vector<int32_t> picture_folds(const Dataset& set, int32_t folds) {
  std::vector<int32_t> fold_of;
  for (size_t i = 0; i < set.size(); ++i)
    fold_of.push_back(static_cast<int32_t>(host::seed_for(0, 0, static_cast<uint64_t>(set.duplicate_of[i])) %
                                           static_cast<uint64_t>(folds)));
  return fold_of;
}

std::vector<int32_t> person_folds(const Dataset& set, int32_t folds) {
  std::vector<int32_t> fold_of = picture_folds(set, folds), known;
  std::set<std::string_view> people;
  for (size_t i = 0; i < set.subject.size(); ++i)
    if (!set.subject[i].empty()) known.push_back(static_cast<int32_t>(i)), people.insert(set.subject[i]);
  std::vector<int32_t> by_person(known.size(), folds - 1);
  if (people.size() > 1)
    by_person = subject_folds(select_rows(set, known), std::min(folds, static_cast<int32_t>(people.size())));
  for (size_t i = 0; i < known.size(); ++i) fold_of[static_cast<size_t>(known[i])] = by_person[i];
  return fold_of;
}

bool knows_subjects(const Dataset& set) {
  return !set.subject.empty() && std::ranges::none_of(set.subject, &std::string::empty);
}

std::vector<int32_t> deal_subjects(const Dataset& set, const std::vector<double>& shares) {
  const size_t folds = shares.size();
  const auto refuse = [&](const std::string& why) {
    throw host::Error(host::Exit::input, fmt::format("cannot split {} by subject: {}", set.name, why),
                      "a csv of your own pictures can say it in a column `subject`");
  };
  if (set.subject.empty()) refuse("it does not say who is shown");
  if (!knows_subjects(set))
    refuse(fmt::format("{} pictures do not say who is shown", std::ranges::count(set.subject, "")));
  const std::vector<Subject> subjects = largest_first(set);
  if (folds < 2 || folds > subjects.size()) refuse(fmt::format("{} folds of {} subjects", folds, subjects.size()));
  double all_shares = 0;
  for (const double share : shares) all_shares += share;
  std::vector<double> total(set.labels.size());
  for (const int32_t label : set.label) total[static_cast<size_t>(label)] += 1;

  // What a fold holds, as squares of its share of each class and of all: the sum over folds is least when all are
  // equal. A fold of another share counts what it holds against that share.
  struct Fold {
    std::vector<double> per_class;
    double pictures = 0, size = 1;
  };
  std::vector<Fold> held;
  for (const double share : shares)
    held.push_back({std::vector<double>(total.size()), 0, share * static_cast<double>(folds) / all_shares});
  const auto added_cost = [&](const Fold& fold, const Subject& subject) {
    const auto growth = [](double had, double more, double all) {
      return all > 0 ? (2 * had * more + more * more) / (all * all) : 0;
    };
    double cost = growth(fold.pictures, subject.pictures, static_cast<double>(set.size()));
    for (size_t c = 0; c < total.size(); ++c) cost += growth(fold.per_class[c], subject.per_class[c], total[c]);
    return cost / fold.size;
  };
  std::map<std::string, int32_t> fold_of_subject;
  for (const Subject& subject : subjects) {
    const auto best = std::ranges::min_element(held, {}, [&](const Fold& fold) { return added_cost(fold, subject); });
    best->pictures += subject.pictures;
    for (size_t c = 0; c < total.size(); ++c) best->per_class[c] += subject.per_class[c];
    fold_of_subject[subject.name] = static_cast<int32_t>(best - held.begin());
  }
  std::vector<int32_t> fold_of;
  for (const std::string& subject : set.subject) fold_of.push_back(fold_of_subject.at(subject));
  return fold_of;
}

void split_by_fold(Dataset& set, const std::vector<int32_t>& fold_of, int32_t folds, int32_t test) {
  if (test < 0 || test >= folds)
    throw host::Error(host::Exit::usage, fmt::format("fold {} of {}: folds count from 0", test, folds));
  for (size_t i = 0; i < set.size(); ++i)
    set.split[i] = fold_of[i] == test                 ? Split::test
                   : fold_of[i] == (test + 1) % folds ? Split::validation
                                                      : Split::train;
}

int64_t shared_subjects(const Dataset& set) {
  std::map<std::string, unsigned> splits;
  for (size_t i = 0; i < set.subject.size(); ++i)
    if (!set.subject[i].empty()) splits[set.subject[i]] |= 1u << static_cast<unsigned>(set.split[i]);
  return std::ranges::count_if(splits, [](const auto& item) { return (item.second & (item.second - 1)) != 0; });
}

std::vector<std::string> leaks_of(const Dataset& set) {
  std::vector<std::string> leaks;
  if (const int64_t shared = shared_subjects(set); shared > 0)
    leaks.push_back(fmt::format("{} in more than one split: figures say little about people who were not learned from",
                                shared == 1 ? "1 person is" : fmt::format("{} people are", shared)));
  std::map<std::string, int64_t> learned;
  for (size_t i = 0; i < set.size(); ++i)
    if (set.split[i] != Split::test && for_tests_only(set, i)) ++learned[origin_of(set, i)];
  for (const auto& [origin, pictures] : learned)
    leaks.push_back(
        fmt::format("{} is for tests only, and {} of its pictures are not tested but learned from: no result "
                    "on it is comparable",
                    origin, pictures));
  return leaks;
}

void refuse_leaks(const Dataset& set, const std::string& source, bool force) {
  for (size_t i = 0; i < set.size(); ++i)
    if (set.split[i] != Split::test && lacks_consent(set, i))
      throw host::Error(host::Exit::gate,
                        fmt::format("{} leaks: {} is without consent to learning", source,
                                    set.file.empty() ? fmt::format("picture {}", i) : set.file[i]),
                        "docs/formats/session.md tells what a consent file holds");
  const auto leaks = leaks_of(set);
  if (!leaks.empty() && !force)
    throw host::Error(host::Exit::gate, fmt::format("{} leaks: {}", source, leaks[0]),
                      "dimple data split --by subject makes a split that does not; with --force the card says so");
}

}  // namespace dimple::data
