// Sessions of an expression game, docs/formats/session.md: frames, what the player was asked to show, and the consent
// without which not one of them is read. A folder may hold one session or many.
#pragma once
#include <string>
#include <vector>

#include "data/datasets/picture_tree.h"

namespace dimple::data {

bool recognises_session(const std::string& path);
Dataset load_session(const std::string& path, const LoadOptions& options);

}  // namespace dimple::data
