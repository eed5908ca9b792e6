// CK+48: the last three frames of CK+ sequences, 48x48 grey, as a tar (or zip) or unpacked:
//   CK+48/<class>/S<subject>_<sequence>_<frame>.png
// Seven classes with contempt, no neutral. It has no split of its own: all rows are training until a protocol deals
// folds.
#pragma once
#include <string>

#include "data/load.h"

namespace dimple::data {

bool recognises_ckplus(const std::string& path);
Dataset load_ckplus(const std::string& path, const LoadOptions& options);

// "CK+48/anger/S010_004_00000017.png" -> class angry, subject S010. False for a name of another form.
struct CkplusName {
  std::string label, subject;
};
bool parse_ckplus_name(const std::string& path, CkplusName& name);

}  // namespace dimple::data
