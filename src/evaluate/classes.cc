#include "evaluate/classes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "host/error.h"

namespace dimple::evaluate {
namespace {

constexpr size_t kRest = std::numeric_limits<size_t>::max(), kNever = kRest - 1;

constexpr float kBelowAll = -0x1p-100f;  // never the answer, not even where all others are 0

bool knows(const std::vector<std::string>& model_labels, const std::string& label) {
  return label == "other" || std::ranges::find(model_labels, label) != model_labels.end();
}

}  // namespace

ClassMap::ClassMap(const std::vector<std::string>& data_labels, const std::vector<std::string>& model_labels,
                   const std::string& model_name, Unknown unknown) {
  for (const std::string& label : data_labels) {
    const auto it = std::ranges::find(model_labels, label);
    if (unknown == Unknown::refuse && !knows(model_labels, label))
      throw host::Error(host::Exit::input,
                        fmt::format("{} does not know the class `{}` of this data", model_name, label),
                        fmt::format("it knows {}; val --unknown wrong counts such pictures as misread, --unknown skip "
                                    "leaves them out",
                                    fmt::join(model_labels, ", ")));
    output_.push_back(it != model_labels.end() ? static_cast<size_t>(it - model_labels.begin())
                      : label == "other"       ? kRest
                                               : kNever);
  }
}

void ClassMap::apply(std::span<const float> outputs, std::span<float> classes) const {
  float named = 0;
  for (const size_t o : output_) named += o >= kNever ? 0 : outputs[o];
  for (size_t c = 0; c < output_.size(); ++c)
    classes[c] = output_[c] == kRest    ? std::max(0.0f, 1 - named)
                 : output_[c] == kNever ? kBelowAll
                                        : outputs[output_[c]];
}

std::vector<std::string> shared_classes(const std::vector<std::string>& data_labels,
                                        const std::vector<std::string>& model_labels) {
  std::vector<std::string> shared;
  for (const std::string& label : data_labels)
    if (knows(model_labels, label)) shared.push_back(label);
  return shared;
}

}  // namespace dimple::evaluate
