// MODEL_CARD.md: what a model is for, what it must not be used for, and how well it was seen to do.
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace dimple::model {

struct CardFigure {
  std::string name;  // "accuracy, raw"
  double value = 0;
  std::optional<double> low, high;  // 95 % interval
};

struct CardClass {
  std::string label;
  int64_t support = 0;
  double precision = 0, recall = 0, f1 = 0;
};

struct CardGroup {
  std::string name;  // "children", "mouth open"
  int64_t pictures = 0;
  CardFigure figure;
};

struct Card {
  std::string name, summary, licence;
  std::vector<std::string> labels;
  std::string input;  // "48x48 grey, standardised per picture, crop margin 10 %"
  int64_t weight_bytes = 0, multiply_adds = 0, parameters = 0, arena_bytes = 0;  // 0: unknown, left out
  std::string training_data, test_data;                                          // which sets, splits, checksums
  std::string command;                                                           // reproduces it
  std::string measured_on;  // host, threads, compiler, commit, seed
  std::vector<CardFigure> figures;
  std::vector<CardClass> per_class;
  std::vector<std::vector<int64_t>> confusion;  // [truth][answer], in the order of labels
  std::vector<CardGroup> groups;                // empty: the card says that groups were not measured
  std::vector<std::string> limits;              // beside those that hold for every reader
};

std::string print_card(const Card& card);

}  // namespace dimple::model
