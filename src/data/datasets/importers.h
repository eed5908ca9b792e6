// The importers, each defined in the folder of its data set and listed in datasets/list.cc.
#pragma once
#include <string>
#include <vector>

#include "data/datasets/picture_tree.h"

namespace dimple::data {

inline constexpr const char* kResearchLicence = "research, on request";

extern const Importer kAffectnetImporter, kCafeImporter, kChefsImporter, kCkplusImporter, kCohnKanadeImporter,
    kDartmouthImporter, kEmoreactImporter, kExpwImporter, kFer2013Importer, kFer2013FoldersImporter, kFoldersImporter,
    kGoogleFecImporter, kJaffeImporter, kKdefImporter, kLirisCseImporter, kMuxspaceImporter, kRafdImporter,
    kRafdbImporter, kSessionImporter, kSfewImporter, kTableImporter;

// The rules of some sets: what stands at a path inside the set.
std::vector<Entry> read_cafe_path(const std::string& path);
std::vector<Entry> read_ckplus_path(const std::string& path);
std::vector<Entry> read_kdef_path(const std::string& path);
std::vector<Entry> read_muxspace_path(const std::string& path);  // the person; no label
std::vector<Entry> read_rafd_path(const std::string& path);

const std::vector<std::string>& ckplus_labels();

}  // namespace dimple::data
