#include "model/card.h"

#include <fmt/format.h>

namespace dimple::model {
namespace {

class Page {
 public:
  void heading(const std::string& text) { out_ += fmt::format("\n## {}\n\n", text); }
  void line(const std::string& text) { out_ += text + "\n"; }
  void point(const std::string& text) { line("- " + text); }
  void fact(const char* name, const std::string& value) {
    if (!value.empty()) line(fmt::format("| {} | {} |", name, cell(value)));
  }
  void fact(const char* name, int64_t value) {
    if (value > 0) fact(name, grouped(value));
  }
  static std::string grouped(int64_t value) {  // 44,665,792
    std::string digits = std::to_string(value);
    for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<size_t>(at), ",");
    return digits;
  }
  static std::string cell(std::string text) {
    for (char& c : text)
      if (c == '|' || c == '\n') c = ' ';
    return text;
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

std::string interval(const CardFigure& figure) {
  return figure.low && figure.high ? fmt::format("{:.4f} to {:.4f}", *figure.low, *figure.high)
                                   : std::string("not estimated");
}

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, ", ")); }

void write_facts(Page& page, const Card& card) {
  page.line("| | |\n|---|---|");
  page.fact("Labels, in order", joined(card.labels));
  page.fact("Input", card.input);
  page.fact("Bytes of weights", card.weight_bytes);
  page.fact("Parameters", card.parameters);
  page.fact("Multiply-adds", card.multiply_adds);
  page.fact("Arena bytes", card.arena_bytes);
  page.fact("Licence", card.licence);
}

void write_use(Page& page) {
  page.heading("Intended use");
  page.line(
      "Reading the expression of a face in a picture whose people know about it: games, research, assistive tools and\n"
      "teaching, on the machine where the picture was taken. The answer names an *expression* as people label it in\n"
      "photographs; it is not a measurement of what someone feels. `unsure` is an answer: leave room for it.");
  page.heading("Out of scope");
  for (const char* use :
       {"hiring, or judging people in any other way",
        "monitoring people at work, at school or in education (forbidden in the European Union since February 2025)",
        "lie detection", "diagnosis or therapy of any kind",
        "identifying people, or acting on a face without telling its owner",
        "pictures of children without consent of those who care for them"})
    page.point(use);
}

void write_figures(Page& page, const Card& card) {
  page.heading("Figures");
  if (card.figures.empty()) page.line("Not measured yet.");
  if (!card.figures.empty()) page.line("| figure | value | 95 % interval |\n|---|---|---|");
  for (const CardFigure& f : card.figures)
    page.line(fmt::format("| {} | {:.4f} | {} |", Page::cell(f.name), f.value, interval(f)));
  if (!card.per_class.empty())
    page.line("\n| expression | pictures | precision | recall | F1 |\n|---|---|---|---|---|");
  for (const CardClass& c : card.per_class)
    page.line(fmt::format("| {} | {} | {:.3f} | {:.3f} | {:.3f} |", Page::cell(c.label), Page::grouped(c.support),
                          c.precision, c.recall, c.f1));
  if (card.confusion.empty()) return;
  page.line("\nConfusion (rows: label, columns: answer):\n");
  std::string head = "| |", rule = "|---|";
  for (const auto& label : card.labels) head += fmt::format(" {} |", Page::cell(label)), rule += "---|";
  page.line(head + "\n" + rule);
  for (size_t i = 0; i < card.confusion.size(); ++i) {
    std::string row = fmt::format("| {} |", i < card.labels.size() ? Page::cell(card.labels[i]) : std::string("?"));
    for (const int64_t n : card.confusion[i]) row += fmt::format(" {} |", n);
    page.line(row);
  }
}

void write_groups(Page& page, const Card& card) {
  page.heading("Groups");
  if (card.groups.empty()) {
    page.line(
        "Not measured: the data name neither age nor sex nor skin tone nor culture. Expect differences, and measure "
        "them\n"
        "on your own people before relying on an answer.");
    return;
  }
  page.line("| group | pictures | figure | value | 95 % interval |\n|---|---|---|---|---|");
  for (const CardGroup& g : card.groups)
    page.line(fmt::format("| {} | {} | {} | {:.4f} | {} |", Page::cell(g.name), Page::grouped(g.pictures),
                          Page::cell(g.figure.name), g.figure.value, interval(g.figure)));
}

void write_limits(Page& page, const Card& card) {
  page.heading("Limits");
  for (const char* limit :
       {"Labels are what onlookers chose; people agree with them about two times in three on such pictures.",
        "Trained mostly on adults and on posed or staged pictures; children, older people and quiet expressions are "
        "read worse.",
        "Small, blurred, turned, covered or badly lit faces are read badly, and an open mouth is easily taken for "
        "surprise."})
    page.point(limit);
  for (const auto& limit : card.limits) page.point(limit);
}

}  // namespace

std::string print_card(const Card& card) {
  Page page;
  page.line(fmt::format("# {}\n", card.name));
  if (!card.summary.empty()) page.line(card.summary + "\n");
  write_facts(page, card);
  write_use(page);
  page.heading("Data");
  page.point("Training: " + (card.training_data.empty() ? std::string("not stated") : card.training_data));
  page.point("Test: " + (card.test_data.empty() ? std::string("not stated") : card.test_data));
  write_figures(page, card);
  write_groups(page, card);
  write_limits(page, card);
  page.heading("How it was made");
  if (!card.command.empty()) page.line("```\n" + card.command + "\n```");
  if (!card.measured_on.empty()) page.line("Measured on: " + card.measured_on);
  return page.take();
}

}  // namespace dimple::model
