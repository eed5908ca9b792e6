#include "workflow/classes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "host/error.h"

namespace dimple::workflow {
namespace {

constexpr size_t kRest = std::numeric_limits<size_t>::max();

}  // namespace

ClassMap::ClassMap(const std::vector<std::string>& data_labels, const std::vector<std::string>& model_labels,
                   const std::string& model_name) {
  for (const std::string& label : data_labels) {
    const auto it = std::ranges::find(model_labels, label);
    if (it == model_labels.end() && label != "other")
      throw host::Error(host::Exit::input,
                        fmt::format("{} does not know the class `{}` of this data", model_name, label),
                        fmt::format("it knows {}", fmt::join(model_labels, ", ")));
    output_.push_back(it == model_labels.end() ? kRest : static_cast<size_t>(it - model_labels.begin()));
  }
}

void ClassMap::apply(std::span<const float> outputs, std::span<float> classes) const {
  float named = 0;
  for (const size_t o : output_) named += o == kRest ? 0 : outputs[o];
  for (size_t c = 0; c < output_.size(); ++c)
    classes[c] = output_[c] == kRest ? std::max(0.0f, 1 - named) : outputs[output_[c]];
}

}  // namespace dimple::workflow
