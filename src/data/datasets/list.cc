// The one list of importers, asked in this order. A new dataset is a folder beside this file and a line here.
#include "data/datasets/ckplus/ckplus.h"
#include "data/datasets/fer2013/fer2013.h"
#include "data/load.h"

namespace dimple::data {

const std::vector<Importer>& importers() {
  static const std::vector<Importer> list = {
      {"fer2013", "FER2013 (the Kaggle csv, plain or compressed)", recognises_fer2013, load_fer2013},
      {"ckplus", "CK+48 (the tar or the folder)", recognises_ckplus, load_ckplus},
  };
  return list;
}

}  // namespace dimple::data
