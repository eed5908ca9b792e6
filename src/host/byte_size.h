// Numbers of bytes as people type them: 65536, 64K, 1M, 1.5MB. K is 1024, as data sheets of chips mean it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace dimple::host {

// `where` names the setting in the usage error for what is no size, or not above zero.
int64_t parse_byte_size(std::string_view text, const std::string& where);

}  // namespace dimple::host
