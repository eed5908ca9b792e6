// Maps the outputs of a model to the classes of a data set, by name: label orders differ between tools, names do not.
#pragma once
#include <span>
#include <string>
#include <vector>

namespace dimple::evaluate {

// What becomes of a class that the model has no output for.
enum class Unknown { refuse, never_answered };

class ClassMap {
 public:
  // `other` (protocol smile) is everything that the data has no name for, unless the model has an output of that name.
  // Throws host::Error(Exit::input) for a class that `model_name` does not know, if that is to be refused.
  ClassMap(const std::vector<std::string>& data_labels, const std::vector<std::string>& model_labels,
           const std::string& model_name, Unknown unknown = Unknown::refuse);

  size_t classes() const { return output_.size(); }
  // One picture's probabilities: of the model's outputs, to the data's classes.
  void apply(std::span<const float> outputs, std::span<float> classes) const;

 private:
  std::vector<size_t> output_;  // for each class; kRest: what the others leave; kNever: nothing
};

// The classes of the data that the model can answer.
std::vector<std::string> shared_classes(const std::vector<std::string>& data_labels,
                                        const std::vector<std::string>& model_labels);

}  // namespace dimple::evaluate
