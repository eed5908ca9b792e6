#include "workflow/data_split.h"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "data/quarantine.h"
#include "data/split.h"
#include "data/split_file.h"
#include "host/error.h"
#include "host/files.h"

namespace dimple::workflow {
namespace {

namespace fs = std::filesystem;
using host::Error;
using host::Exit;

// Pictures that are for tests only are tested; not at all when others of the same person are learned from.
void keep_tests_apart(data::Dataset& set, bool force) {
  const auto kept_apart = [&](size_t i) { return force ? data::lacks_consent(set, i) : data::for_tests_only(set, i); };
  std::set<std::string> learned;
  for (size_t i = 0; i < set.size(); ++i)
    if (set.split[i] != data::Split::test && !kept_apart(i)) learned.insert(set.subject[i]);
  std::vector<int32_t> rows;
  for (size_t i = 0; i < set.size(); ++i) {
    if (kept_apart(i) && set.split[i] != data::Split::test && learned.contains(set.subject[i])) continue;
    if (kept_apart(i)) set.split[i] = data::Split::test;
    rows.push_back(static_cast<int32_t>(i));
  }
  const auto dropped = static_cast<int32_t>(set.size() - rows.size());
  if (dropped > 0) set = data::select_rows(set, rows);
  data::leave_out(set, "for tests only, and the same person is learned from", dropped);
}

std::string write_split(const data::Dataset& set, const fs::path& path) {
  host::write_atomic(path, data::split_csv(set));
  return path.string();
}

std::vector<std::string> write_folds(const DataRequest& request, const data::Dataset& all, const fs::path& path) {
  std::vector<std::string> files;
  const auto fold_of = data::subject_folds(all, request.folds);
  for (int fold = 0; fold < request.folds; ++fold) {
    data::Dataset set = all;
    data::split_by_fold(set, fold_of, request.folds, fold);
    keep_tests_apart(set, request.load.force);
    fs::path file = path;
    file.replace_filename(fmt::format("{}.{}{}", path.stem().string(), fold, path.extension().string()));
    files.push_back(write_split(set, file));
  }
  return files;
}

void deal_splits(const DataRequest& request, data::Dataset& set) {
  if (request.test < 0 || request.validation < 0 || request.test + request.validation >= 1 ||
      request.test + request.validation <= 0)
    throw Error(Exit::usage, fmt::format("--test {} and --validation {}: shares of the pictures, less than 1 together",
                                         request.test, request.validation));
  std::vector<data::Split> splits{data::Split::train};
  std::vector<double> shares{1.0 - request.test - request.validation};
  if (request.validation > 0) splits.push_back(data::Split::validation), shares.push_back(request.validation);
  if (request.test > 0) splits.push_back(data::Split::test), shares.push_back(request.test);
  const auto dealt = data::deal_subjects(set, shares);
  for (size_t i = 0; i < set.size(); ++i) set.split[i] = splits[static_cast<size_t>(dealt[i])];
  keep_tests_apart(set, request.load.force);
}

}  // namespace

std::vector<std::string> split_data(const DataRequest& request, data::Dataset& set) {
  if (!set.test_only.empty() && set.test_only == std::vector{set.name} && !request.load.force)
    throw Error(Exit::gate, fmt::format("{} is for tests only: it is not split", set.name),
                "--force does it nevertheless");
  const std::string out = request.out.empty() ? "split.csv" : request.out;
  if (request.folds > 0) return write_folds(request, set, out);
  deal_splits(request, set);
  return {write_split(set, out)};
}

}  // namespace dimple::workflow
