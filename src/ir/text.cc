#include "ir/text.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <stdexcept>

#include "format/reader.h"
#include "host/error.h"
#include "ir/attributes.h"
#include "ir/verify.h"

namespace dimple::ir {
namespace {

std::string print_type(const ValueType& t) {
  std::string text =
      fmt::format("{}[{},{},{}]", dimple::name_of(t.dtype), t.shape.height, t.shape.width, t.shape.channels);
  if (t.dtype != DType::f32 || !t.has_codes_of({})) text += fmt::format(" * {} @ {}", t.scale, t.zero_point);
  return text;
}

// Reads one line from left to right; every failure is an invalid_argument that the caller gives its line number.
class Scanner {
 public:
  explicit Scanner(std::string_view line) : rest_(line) { skip_blanks(); }

  bool at_end() const { return rest_.empty(); }
  bool take(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    skip_blanks();
    return true;
  }
  void expect(std::string_view token) {
    if (!take(token)) throw std::invalid_argument(fmt::format("expected '{}' at '{}'", token, rest_.substr(0, 20)));
  }
  std::string_view word(std::string_view stops = " \t=(),:*@[]") {
    const size_t end = std::min(rest_.find_first_of(stops), rest_.size());
    if (end == 0) throw std::invalid_argument(fmt::format("expected a name at '{}'", rest_.substr(0, 20)));
    const std::string_view found = rest_.substr(0, end);
    rest_.remove_prefix(end);
    skip_blanks();
    return found;
  }
  template <class Number>
  Number number() {
    Number value{};
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{})
      throw std::invalid_argument(fmt::format("expected a number at '{}'", rest_.substr(0, 20)));
    rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
    skip_blanks();
    return value;
  }

 private:
  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r"), rest_.size())); }
  std::string_view rest_;
};

constexpr size_t kMaxNodes = format::kMaxSteps;  // planning takes time with the square of them

ValueType parse_type(Scanner& line) {
  ValueType t;
  const std::string_view name = line.word();
  bool known = false;
  for (int i = 0; i < kDTypeCount; ++i)
    if (name == dimple::name_of(static_cast<DType>(i))) t.dtype = static_cast<DType>(i), known = true;
  if (!known) throw std::invalid_argument(fmt::format("there is no data type '{}'", name));
  line.expect("[");
  t.shape.height = line.number<int32_t>();
  line.expect(",");
  t.shape.width = line.number<int32_t>();
  line.expect(",");
  t.shape.channels = line.number<int32_t>();
  line.expect("]");
  if (line.take("*")) {
    t.scale = line.number<float>();
    line.expect("@");
    t.zero_point = line.number<int32_t>();
  }
  return t;
}

Node parse_node(Scanner& line, const std::map<std::string, Value, std::less<>>& values) {
  Node node;
  node.name = line.word();
  line.expect("=");
  const std::string op(line.word());
  line.expect("(");
  while (!line.take(")")) {
    const std::string_view input = line.word();
    const auto it = values.find(input);
    if (it == values.end()) throw std::invalid_argument(fmt::format("there is no value '{}' yet", input));
    node.inputs.push_back(it->second);
    line.take(",");
  }
  Attributes attributes;
  while (!line.take(":")) {
    std::string key(line.word());
    line.expect("=");
    attributes.emplace_back(std::move(key), line.word(" \t:"));
  }
  node.op = parse_op(op, attributes);
  node.type = parse_type(line);
  return node;
}

}  // namespace

std::string print(const Graph& graph) {
  std::string text = fmt::format("graph {}\ninput : {}\n", graph.name, print_type(graph.input));
  for (const Node& node : graph.nodes) {
    std::string inputs, attributes;
    for (const Value v : node.inputs)
      inputs += (inputs.empty() ? "" : ", ") + (v == kInput ? "input" : graph.node_of(v).name);
    for (const auto& [name, value] : print_attributes(node.op)) attributes += fmt::format(" {}={}", name, value);
    text += fmt::format("{} = {}({}){} : {}\n", node.name, name_of(node.op), inputs, attributes, print_type(node.type));
  }
  return text;
}

Graph parse(std::string_view text) {
  Graph graph;
  std::map<std::string, Value, std::less<>> values{{"input", kInput}};
  int line_number = 0, seen = 0;
  while (!text.empty()) {
    ++line_number;
    const size_t end = text.find('\n');
    std::string_view line_text = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    line_text = line_text.substr(0, line_text.find('#'));
    Scanner line(line_text);
    if (line.at_end()) continue;
    try {
      if (seen == 0) {
        line.expect("graph");
        graph.name = line.word();
      } else if (seen == 1) {
        line.expect("input");
        line.expect(":");
        graph.input = parse_type(line);
      } else {
        if (graph.nodes.size() == kMaxNodes) throw std::invalid_argument("more nodes than a program may have steps");
        graph.nodes.push_back(parse_node(line, values));
        values[graph.nodes.back().name] = graph.output();
      }
      if (!line.at_end()) throw std::invalid_argument("there is more on this line than belongs there");
    } catch (const std::invalid_argument& problem) {
      throw host::Error(host::Exit::model, fmt::format("graph text, line {}: {}", line_number, problem.what()));
    }
    ++seen;
  }
  verify(graph, Constants::may_be_absent);
  return graph;
}

}  // namespace dimple::ir
