// A zip archive whose entries lie in it uncompressed, as torch.save writes them: names, and where their bytes are.
// The archive may come from a stranger: every offset is checked before it is used, no two entries may share a byte, and
// every entry's CRC-32 is checked, which takes time by the size of the archive.
#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace dimple::model {

// The spans look into `bytes`. Throws host::Error(Exit::model) that names `source`: compressed, encrypted, cut short,
// beyond 4 GB, or damaged.
std::map<std::string, std::span<const uint8_t>, std::less<>> read_stored_zip(std::span<const uint8_t> bytes,
                                                                             const std::string& source);

}  // namespace dimple::model
