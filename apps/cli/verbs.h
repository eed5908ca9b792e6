// Every verb of `dimple`, from verb_list.h.
#pragma once
#include <span>

#include "verb.h"

namespace dimple::cli {

std::span<const Verb> verbs();

}  // namespace dimple::cli
