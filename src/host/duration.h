// Spans of time as people type them: 90s, 30m, 2h, 1h30m, 1.5h.
#pragma once
#include <string>
#include <string_view>

namespace dimple::host {

// In seconds. `where` names the setting in the usage error for what is no duration, or not above zero.
double parse_duration(std::string_view text, const std::string& where);

// The other way, to whole seconds: "1h30m", "45s".
std::string print_duration(double seconds);

}  // namespace dimple::host
