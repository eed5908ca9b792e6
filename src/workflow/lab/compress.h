// dimple compress: a smaller network from a trained one, or a study of many.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "compress/compress.h"
#include "study/compressions.h"

namespace dimple::workflow {

struct CompressRequest {
  compress::CompressRequest compression;
  study::StudyFlags study;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    compress::CompressRequest::visit(self.compression, f);
    study::StudyFlags::visit(self.study, f);
  }
};

using CompressReport = std::variant<compress::CompressReport, study::StudyReport>;

// `given`: the names of the fields that were asked for on this call; in a study they weigh more than its base.
CompressReport compress(const CompressRequest& request, const std::vector<std::string>& given, const host::Task& task);

}  // namespace dimple::workflow
