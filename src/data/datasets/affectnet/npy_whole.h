// A numpy file that holds one whole number: AffectNet has one for every picture and thing to say of it.
#pragma once
#include <string>
#include <string_view>

#include "base/platform.h"

namespace dimple::data {

// Of integers, of floats without a fraction, or of text ('3'), which is how they are found. Objects are pickles, and
// never looked into. Throws host::Error(Exit::input).
int64_t read_npy_whole(std::string_view bytes, const std::string& where);

}  // namespace dimple::data
