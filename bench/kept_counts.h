// Counts that lie in a folder, so that a calibration which was stopped goes on, and another fit counts nothing again.
#pragma once
#include <filesystem>
#include <functional>
#include <string>

#include "profile/calibrate.h"
#include "target/target.h"

namespace dimple {

// Of this net on this target, from FOLDER/<target>/<net>.json where that is of the same program; else what `count` says,
// which is put there. Without a folder it counts. The folder is to go when kernels change: their programs may not.
profile::CountedNet kept_or_counted(const std::filesystem::path& folder, const target::Target&,
                                    const profile::NetToCount&, const std::function<profile::CountedNet()>& count);

}  // namespace dimple
