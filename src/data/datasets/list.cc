// The one list of importers, asked in this order. A new data set is a folder beside this file, its name in importers.h
// and here.
#include "data/datasets/importers.h"

namespace dimple::data {

const std::vector<Importer>& importers() {
  static const std::vector<Importer> list = {
      kFer2013Importer,  kCkplusImporter,    kCohnKanadeImporter, kGoogleFecImporter, kSessionImporter,
      kMuxspaceImporter, kCafeImporter,      kTableImporter,      kAffectnetImporter, kRafdbImporter,
      kExpwImporter,     kJaffeImporter,     kKdefImporter,       kRafdImporter,      kSfewImporter,
      kChefsImporter,    kDartmouthImporter, kEmoreactImporter,   kLirisCseImporter,  kFer2013FoldersImporter,
      kFoldersImporter};
  return list;
}

}  // namespace dimple::data
