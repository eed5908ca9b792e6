#include "evaluate/gates.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "host/error.h"

namespace dimple::evaluate {
namespace {

constexpr std::string_view kFigures[] = {
    "accuracy", "accuracy_deduplicated", "balanced_accuracy", "f1_macro", "auc", "precision", "recall"};

struct Gate {
  std::string figure;
  double least = 0;
};

Gate parse_gate(const std::string& text) {
  const size_t equals = std::min(text.find('='), text.size());
  Gate gate{text.substr(0, equals)};
  if (gate.figure == "acc") gate.figure = "accuracy";
  const char *begin = text.data() + std::min(equals + 1, text.size()), *end = text.data() + text.size();
  const auto number = std::from_chars(begin, end, gate.least);
  const bool known = std::ranges::find(kFigures, gate.figure) != std::end(kFigures);
  if (!known || number.ec != std::errc() || number.ptr != end || !std::isfinite(gate.least))  // nan would never close
    throw host::Error(host::Exit::usage, "--fail-under: cannot understand `" + text + "`",
                      "for example --fail-under accuracy=0.6");
  return gate;
}

}  // namespace

std::vector<std::string> missed_gates(const Figures& figures, const std::vector<std::string>& gates) {
  std::vector<std::string> missed;
  for (const std::string& text : gates) {
    const Gate gate = parse_gate(text);
    const double value = figures[gate.figure].value;
    if (value < gate.least) missed.push_back(fmt::format("{} is {:.4f}, below {}", gate.figure, value, gate.least));
  }
  return missed;
}

}  // namespace dimple::evaluate
