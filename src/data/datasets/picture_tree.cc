#include "data/datasets/picture_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "data/dataset.h"
#include "data/datasets/archive.h"
#include "data/datasets/crew.h"
#include "data/duplicates.h"
#include "data/quarantine.h"
#include "host/error.h"
#include "host/sources.h"
#include "model/labels.h"

namespace dimple::data {
namespace {

namespace fs = std::filesystem;
using host::Error;
using host::Exit;

constexpr size_t kLargestFile = size_t{64} << 20;

struct Row {
  std::string path;
  Entry entry;
  std::vector<uint8_t> pixels;
};

class Loader {
 public:
  Loader(const PictureTree& tree, const std::string& path, const LoadOptions& options, const media::CageSettings& cage)
      : tree_(tree), path_(path), crew_(tree, options, cage), promised_(tree.promised.begin(), tree.promised.end()) {
    set_.name = tree.name;
    set_.framing = tree.framing;
    if (tree.test_only) set_.test_only = {tree.name};
    for (const std::string& name : tree.groups) set_.groups.push_back({name, {}});
    for (const std::string& label : tree.labels) known_.insert(model::canonical_label(label));
  }

  Dataset load(const host::Task& task) {
    task.progress().start(0, fmt::format("reading {}", fs::path(path_).filename().string()));
    EntryFilter filter;
    filter.largest = kLargestFile;
    filter.task = task;
    filter.wanted = [&](const std::string& name) { return is_wanted(name); };
    filter.bad = [&](const std::string& name, const std::string& why) { set_.quarantine.push_back({name, why}); };
    read_entries(path_, filter, [&](const std::string& name, std::string_view bytes) {
      crew_.add({name, std::string(bytes), entries_});
      task.progress().advance();
      if (crew_.is_full()) take_results();
      if (rows_.size() > kMaxPictures)
        throw Error(Exit::input, fmt::format("cannot read {}: more than {} pictures", path_, kMaxPictures));
    });
    take_results();
    task.progress().finish();
    for (const std::string& missing : promised_)
      set_.quarantine.push_back({missing, "it is named in a table, but not there"});
    return finish();
  }

 private:
  // Unwanted pictures are counted here, before a byte of them is decoded.
  bool is_wanted(const std::string& name) {
    const std::string path = tidy(name);
    if (!is_picture_name(path)) return false;
    try {
      entries_ = tree_.read(path);
    } catch (const Error& error) {
      set_.quarantine.push_back({name, error.what()});
      return false;
    }
    std::erase_if(entries_, [&](const Entry& entry) {
      const std::string label = model::canonical_label(entry.label);
      const bool placed = entry.skip.empty() && !label.empty() && (known_.empty() || known_.contains(label));
      if (!placed) leave_out(set_, entry.skip.empty() ? fmt::format("labelled `{}`", label.substr(0, 40)) : entry.skip);
      return !placed;
    });
    for (std::string_view end = path; !promised_.empty();) {
      if (const auto it = promised_.find(end); it != promised_.end()) promised_.erase(it);
      const size_t slash = end.find('/');
      if (slash == std::string_view::npos) break;
      end.remove_prefix(slash + 1);
    }
    return !entries_.empty();
  }

  static std::string tidy(const std::string& name) { return name.starts_with("./") ? name.substr(2) : name; }

  void take_results() {
    for (Job& job : crew_.work()) {
      if (!job.why_bad.empty()) {
        set_.quarantine.push_back({job.name, job.why_bad});
        continue;
      }
      for (size_t i = 0; i < job.entries.size(); ++i) {
        if (job.faces[i].empty())
          leave_out(set_, "no face found");
        else
          rows_.push_back({job.name, std::move(job.entries[i]), std::move(job.faces[i])});
      }
    }
  }

  Dataset finish() {
    if (rows_.empty() && set_.quarantine.empty()) {
      std::string why = fmt::format("no picture of {} is in it", tree_.name);
      if (!set_.left_out.empty())
        why = fmt::format("no picture is left; {}: {}", set_.left_out[0].pictures, set_.left_out[0].why);
      throw Error(Exit::input, fmt::format("cannot read {}: {}", path_, why),
                  "docs/datasets.md tells how each set is laid out");
    }
    // By name, so that a folder and its archive are the same set.
    std::ranges::stable_sort(rows_, {}, &Row::path);
    std::ranges::sort(set_.quarantine, {}, &BadFile::file);
    std::ranges::sort(set_.left_out, {}, &LeftOut::why);
    set_.labels = tree_.labels.empty() ? labels_found() : tree_.labels;
    if (set_.labels.size() > model::kMostLabels)
      throw Error(Exit::input, fmt::format("cannot read {}: more than {} classes", path_, model::kMostLabels));
    std::map<std::string, int32_t> class_of;
    for (size_t c = 0; c < set_.labels.size(); ++c)
      class_of.emplace(model::canonical_label(set_.labels[c]), static_cast<int32_t>(c));
    set_.width = set_.height = crew_.extent(), set_.channels = crew_.channels();
    bool subjects = false, doubts = false;
    for (Row& row : rows_) {
      set_.source_row.push_back(static_cast<int32_t>(set_.label.size()));
      set_.label.push_back(class_of.at(model::canonical_label(row.entry.label)));
      set_.split.push_back(tree_.test_only ? Split::test : row.entry.split);
      set_.file.push_back(row.path);
      set_.subject.push_back(row.entry.subject);
      set_.doubt.push_back(row.entry.doubt);
      subjects |= !row.entry.subject.empty(), doubts |= row.entry.doubt != 0;
      row.entry.groups.resize(set_.groups.size());
      for (size_t g = 0; g < set_.groups.size(); ++g) set_.groups[g].value.push_back(row.entry.groups[g]);
      set_.pixels.insert(set_.pixels.end(), row.pixels.begin(), row.pixels.end());
      row.pixels = {};
    }
    if (!subjects) set_.subject.clear();
    if (!doubts) set_.doubt.clear();
    refuse_mostly_bad(set_, path_);
    set_.duplicate_of = find_duplicates(set_);
    set_.sha256 = content_sha256(set_);
    check(set_, path_);
    return std::move(set_);
  }

  std::vector<std::string> labels_found() const {
    std::set<std::string> labels;
    for (const Row& row : rows_) labels.insert(model::canonical_label(row.entry.label));
    return {labels.begin(), labels.end()};
  }

  const PictureTree& tree_;
  std::string path_;
  Crew crew_;
  std::set<std::string, std::less<>> promised_;
  std::set<std::string> known_;
  std::vector<Entry> entries_;  // of the name that was wanted last
  std::vector<Row> rows_;
  Dataset set_;
};

}  // namespace

Dataset load_tree(const PictureTree& tree, const std::string& path, const LoadOptions& options,
                  const media::CageSettings& cage) {
  return Loader(tree, path, options, cage).load(options.task);
}

bool looks_like(const std::function<std::vector<Entry>(const std::string&)>& read, const std::string& path) {
  constexpr size_t kLookedAt = 64;
  size_t pictures = 0, taken = 0;
  for (const std::string& name : first_names(path, is_picture_name, kLookedAt)) {
    ++pictures;
    taken += !read(name).empty();
  }
  return taken > 0 && taken * 2 > pictures;
}

bool is_picture_name(const std::string& path) {
  const std::string file = fs::path(path).filename().string();
  if (file.starts_with('.')) return false;
  return host::looks_like_picture(path) || file.ends_with(".tiff") || file.ends_with(".tif") || file.ends_with(".TIFF");
}

void EntryTable::add(const std::string& path, Entry entry) {
  std::vector<Entry>& faces = entries_[path];
  if (faces.size() == kMostFaces)
    throw Error(Exit::input, fmt::format("{}: more than {} faces in one picture", path, kMostFaces));
  faces.push_back(std::move(entry));
}

std::vector<Entry> EntryTable::find(const std::string& path) const {
  std::string_view rest = path;
  while (true) {
    if (const auto it = entries_.find(rest); it != entries_.end()) return it->second;
    const size_t slash = rest.find('/');
    if (slash == std::string_view::npos) return {};
    rest.remove_prefix(slash + 1);
  }
}

std::vector<std::string> EntryTable::paths() const {
  std::vector<std::string> paths;
  for (const auto& [path, entries] : entries_) paths.push_back(path);
  return paths;
}

}  // namespace dimple::data
