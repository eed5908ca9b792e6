// What a path says in words. Names of many sets read "F01_Afraid_Direct.jpg" or "train/happy/17.png"; none of these
// functions throws, whatever the name.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/dataset.h"

namespace dimple::data {

struct Code {
  std::string_view code, means;  // a part of a name, and what it stands for
};

// In lower case, cut wherever no letter or digit stands; folders first, the ending of the file's name left out.
std::vector<std::string> words_of(std::string_view path);

// The expressions among the words, each once, as model/labels.cc spells them.
std::vector<std::string> expressions_in(const std::vector<std::string>& words);

// The first word that is letters and then digits, "f01" or "s3": who is shown, where nothing else says so; "": none.
std::string numbered_word(const std::vector<std::string>& words);

// The path cut at its slashes.
std::vector<std::string> parts_of(std::string_view path);

// The split that a folder's name means: train..., val..., test..., and FER2013's words for them.
std::optional<Split> split_of_folder(std::string_view folder);

// The first folder of the path that means one.
std::optional<Split> split_in(const std::vector<std::string>& parts);

std::string lower_case(std::string_view text);

// "kdef" in the last part of "/data/KDEF_and_AKDEF/".
bool last_part_holds(const std::string& path, std::string_view word);

}  // namespace dimple::data
