// Faces of a picture as a terminal shows them.
#pragma once
#include <string>

#include "host/terminal.h"
#include "workflow/predict.h"

namespace dimple::cli {

std::string in_full(const workflow::PictureResult& picture, const host::Terminal& terminal);
std::string in_a_line(const workflow::PictureResult& picture, const host::Terminal& terminal);

}  // namespace dimple::cli
