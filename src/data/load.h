// One door to all datasets: files and folders are asked which importer they are for, or are our own tensor cache;
// several become one pool; then come the classes and the split that were asked for.
#pragma once
#include <string>
#include <vector>

#include "data/dataset.h"
#include "host/task.h"

namespace dimple::data {

// How a set is read: what a training comes to follows from it.
struct ReadOptions {
  int32_t size = 0, channels = 0;        // 0: the set's own
  std::string faces = "auto";            // find: look for the face; whole: the picture is the face; auto: as the set is
  std::string importer;                  // empty: told from what is there
  std::vector<std::string> labels, map;  // see data/label_map.h
  std::string split;                     // a split file; empty: the set's own split
  bool force = false;                    // use it though it leaks
  std::string doubtful;                  // csv of row,flags; empty: doubtful_rows.csv beside the csv, if there is one

  // `split_flag`: the name of the flag for a split file, where --split means something else.
  template <class Self, class F>
  static void visit(Self& self, F&& f, const char* split_flag = "split") {
    f("size", self.size, "pictures become so many pixels wide and high (default: as the data set has them)");
    f("channels", self.channels, "1: grey, 3: colour (default: as the data set has them)");
    f("faces", self.faces, "find: look for the face in each picture; whole: pictures are faces; auto: as the set is");
    f("importer", self.importer, "read the data as this set (dimple data list); default: told from what is there");
    f("labels", self.labels, "the classes to use, in this order: --labels happy --labels sad (default: all there are)");
    f("map", self.map, "rename a class: contempt=disgust; leave it out: none=; or a TOML file with a table [map]");
    f(split_flag, self.split, "csv of `key,label,split` (dimple data split); default: the data set's own split");
    f("force", self.force, "split or train although people or test sets leak into training; the card says so");
    f("doubtful", self.doubtful,
      "csv `row,flags` of rows not to be trusted; flags added up: 1 lossy pixels, 2 its votes may be another row's and "
      "are "
      "not used, 4 its label may be that of an identical picture (default: doubtful_rows.csv beside it)");
  }
};

struct LoadOptions : ReadOptions {
  std::string votes;  // FER+ csv; empty: fer2013new.csv beside the csv, if there is one
  bool cage = true;   // decode pictures in processes that can do nothing else
  host::Task task;

  template <class Self, class F>
  static void visit(Self& self, F&& f, const char* split_flag = "split") {
    ReadOptions::visit(self, f, split_flag);
    f("votes", self.votes, "FER+ votes, row by row with the csv (default: fer2013new.csv beside it)");
    f("cage", self.cage, "decode pictures in processes that can do nothing else, where the system has the means");
  }
};

struct Importer {
  const char* name;
  const char* what;     // what it reads, for help and for errors
  const char* licence;  // in few words; docs/datasets.md has more
  bool (*recognises)(const std::string& path);
  Dataset (*load)(const std::string& path, const LoadOptions&);
};

// data/datasets/list.cc; a bare trainer has none and reads caches only.
const std::vector<Importer>& importers();

// What a name for data stands for: several sets have commas between them, but a path with a comma in it is still a
// path.
std::vector<std::string> paths_of(const std::string& data);

// `path` may name several, separated by commas. Throws host::Error: Exit::input, Exit::gate for a leaking split file.
Dataset load_dataset(const std::string& path, const LoadOptions& options = {});

}  // namespace dimple::data
