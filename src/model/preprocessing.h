// Preprocessing as JSON, with names for what is chosen by name.
#pragma once
#include <string>
#include <string_view>

#include "image/preprocess.h"

namespace dimple::model {

std::string print_preprocess(const image::Preprocess& how);

// Throws host::Error(Exit::model); every field must be there, and none that is not known.
image::Preprocess parse_preprocess(std::string_view json, const std::string& source);

}  // namespace dimple::model
