// What to look at, in one grammar for every verb: a file, a folder (with all below it), a glob, list.csv, - (a picture
// on standard input). Video files, cam:0 and rtsp:// are recognised, so that the refusal can say what they are.
#pragma once
#include <string>
#include <vector>

namespace dimple::host {

struct Source {
  enum class Kind { file, standard_input, nothing };
  Kind kind = Kind::file;
  std::string name;     // the path, as the user would type it; "-" for standard input
  std::string problem;  // of `nothing`: why there is no picture behind this word
};

// In the order given; folders and globs sorted. A named file need not exist: the caller decides what becomes of it. A
// folder, glob or list without a picture, and what cannot be read yet, is `nothing` among other words; alone, it
// throws.
std::vector<Source> expand_sources(const std::vector<std::string>& words);

bool looks_like_picture(const std::string& path);  // by the end of its name

}  // namespace dimple::host
