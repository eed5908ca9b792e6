// What a search has tried, in one file (SQLite) that outlives it: a kill at any moment loses no more than the trials that
// were running. One process at a time writes it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/document.h"

namespace dimple::search {

struct TrialResult {
  double score = 0;              // what the search goes by
  std::optional<double> nested;  // the same on pictures that it never sees, where there are some
  double accuracy = 0;           // of validation pictures
  int64_t epochs = 0;
  double seconds = 0;
  std::vector<double> course;  // validation accuracy after each epoch
  std::string failure;         // "": it went well

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("score", self.score, "auc of two classes, else accuracy, on validation pictures");
    f("nested", self.nested, "the same on pictures that the search never sees");
    f("accuracy", self.accuracy, "on validation pictures");
    f("epochs", self.epochs, "that it was trained for");
    f("seconds", self.seconds, "that it took");
    f("course", self.course, "accuracy on validation pictures after each epoch");
    f("failure", self.failure, "why there is no score; empty: there is one");
  }
};

struct Record {
  int64_t id = 0;    // in the order in which they were asked for, from 1
  std::string key;   // of the network (search/candidate.h)
  std::string heir;  // key of the one whose weights it began with; "": the first
  std::string path;  // from the first network to it
  bool done = false;
  TrialResult result;
};

class Store {
 public:
  // Opens the file, or makes it. `identity`: all that its results follow from. Throws host::Error: Exit::usage where another search has it open, or where its results follow
  // from something else; Exit::input for what is no such file or of another version; Exit::resources for a full disk, here and
  // below.
  Store(const std::filesystem::path& file, const std::string& identity);
  // Of a file that is there, whatever its results follow from.
  explicit Store(const std::filesystem::path& file);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  std::optional<Record> find(const std::string& key) const;
  std::vector<Record> all() const;  // in order

  // Asks for a trial; what is there already is left as it is.
  Record ask(const Record& wanted);
  void finish(const std::string& key, const TrialResult& result);
  // Of what was asked for first and has no result: what was at work when a process ended. Nothing: nothing was.
  std::optional<Record> first_undone() const;
  // As if it had not been tried.
  void forget(const std::string& key);

  // Seconds that were spent on it, all sessions together.
  double seconds() const;
  void add_seconds(double seconds);

  // Makes it behave as if the disk were full behind so many pages of the file.
  void limit_pages_for_tests(int pages);

 private:
  struct Database;
  std::unique_ptr<Database> database_;
};

}  // namespace dimple::search
