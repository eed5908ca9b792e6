// The networks of a search as a family: which came from which, from the table that it leaves (trials.csv).
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dimple::workflow {

struct TriedNetwork {
  std::string id, key, heir;
  double score = 0, quality = 0, cost = 0, seconds = 0;
  std::optional<double> nested;
  std::vector<std::string> path;  // sentences
  ptrdiff_t parent = -1;          // of the list; -1: the first network
};

// In the order of their trials, the first network first. Throws host::Error(Exit::input) for a table that cannot be read.
std::vector<TriedNetwork> load_tried(const std::filesystem::path& trials_csv, const std::string& objective);

// What makes it another network than its parent: "narrow conv2d_1 24, without separate conv2d_2".
std::string changes_of(const TriedNetwork& network, const std::vector<TriedNetwork>& all);

// Every one as a row below its parent, and the way to `found` bold. Of brothers the best are drawn, and how many more there
// were: so many that about `most_rows` are enough.
struct TreeNames {
  std::string score, objective, found;  // found: a key
  double floor = 0;                     // of quality: paler below
};
std::string draw_search_tree(const std::vector<TriedNetwork>& all, const TreeNames& names, size_t most_rows = 60);

// Scores by cost, with a stair along those that nothing beats in both.
std::string draw_front(const std::vector<TriedNetwork>& all, const TreeNames& names);

}  // namespace dimple::workflow
