#include "train/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/document.h"
#include "host/error.h"
#include "host/files.h"
#include "host/sha256.h"
#include "host/suggest.h"
#include "model/safetensors.h"
#include "train/sampler.h"

namespace dimple::train {
namespace {

using host::Error;
using host::Exit;

constexpr const char* kMadeFor = "dimple.answers";  // in the file's metadata: the circumstances

struct Circumstance {
  const char* key;
  const char* what;  // in messages
};
constexpr Circumstance kPictures{"pictures", "other pictures, or another split of them"};
constexpr Circumstance kLabels{"labels", "other classes"};
constexpr Circumstance kStandardised{"standardised", "pictures that are standardised otherwise"};
constexpr Circumstance kViews{"views", "another number of views"};
constexpr Circumstance kAltered{"altered", "pictures that are altered otherwise (--augment-...)"};
constexpr Circumstance kTeachers{"teachers", "another teacher"};

Error not_answers(const std::string& path, const std::string& why) {
  return {Exit::input, path + " cannot be learned from: " + why, "without the file the teacher is asked anew"};
}

const ir::Tensor& tensor_of(const model::SafeTensors& file, const char* name, DType dtype, size_t dims,
                            const std::string& path) {
  const auto found = file.tensors.find(name);
  if (found == file.tensors.end() || found->second.dtype != dtype || found->second.dims.size() != dims)
    throw not_answers(path, fmt::format("it holds no teacher's answers (there is no such tensor `{}`)", name));
  return found->second;
}

void check_made_for(const std::string& made_for, const data::Dataset& set, const Recipe& recipe) {
  const std::string& path = recipe.teacher_answers;
  const host::Json held = host::parse_json(made_for, path),
                   wanted = host::parse_json(circumstances_of(set, recipe), "");
  for (const Circumstance& each : {kPictures, kLabels, kStandardised, kViews, kAltered, kTeachers}) {
    if (each.key == kTeachers.key && recipe.teacher.empty()) continue;
    if (!held.is_object() || held.value(each.key, host::Json()) != wanted.at(each.key))
      throw not_answers(path, fmt::format("it was made for {}", each.what));
  }
}

}  // namespace

bool Answers::has(int32_t row) const { return std::ranges::binary_search(rows, row); }

std::span<const float> Answers::of(int32_t row, int view) const {
  const auto place = static_cast<size_t>(std::ranges::lower_bound(rows, row) - rows.begin());
  const size_t at = place * static_cast<size_t>(views) + static_cast<size_t>(view);
  return std::span(logits).subspan(at * static_cast<size_t>(classes), static_cast<size_t>(classes));
}

std::vector<std::string> teacher_files(const Recipe& recipe) {
  return host::file_exists(recipe.teacher) ? std::vector{recipe.teacher} : host::comma_separated(recipe.teacher);
}

std::string circumstances_of(const data::Dataset& set, const Recipe& recipe) {
  host::Json teachers = host::Json::array();
  for (const std::string& file : teacher_files(recipe)) teachers.push_back(host::sha256_file(file));
  return host::Json{{kPictures.key, set.sha256},
                    {kLabels.key, set.labels},
                    {kStandardised.key, recipe.standardise},
                    {kViews.key, recipe.views},
                    {kAltered.key, host::to_json(recipe.augment)},
                    {kTeachers.key, teachers}}
      .dump();
}

void save_answers(const std::string& path, const Answers& answers, const std::string& circumstances) {
  const auto n = static_cast<int64_t>(answers.rows.size());
  model::SafeTensors file;
  file.tensors["rows"] = ir::make_tensor(DType::s32, {n}, answers.rows);
  file.tensors["logits"] = ir::make_tensor(DType::f32, {n, answers.views, answers.classes}, answers.logits);
  file.metadata[kMadeFor] = circumstances;
  host::write_atomic(path, model::write_safetensors(file));
}

Answers load_answers(const data::Dataset& set, const Recipe& recipe) {
  const std::string& path = recipe.teacher_answers;
  const model::SafeTensors file = model::read_safetensors(host::read_file(path), path);
  const ir::Tensor& rows = tensor_of(file, "rows", DType::s32, 1, path);
  const ir::Tensor& logits = tensor_of(file, "logits", DType::f32, 3, path);
  const auto made_for = file.metadata.find(kMadeFor);
  if (made_for == file.metadata.end()) throw not_answers(path, "it holds no teacher's answers");
  check_made_for(made_for->second, set, recipe);
  Answers answers{{rows.as<int32_t>().begin(), rows.as<int32_t>().end()},
                  recipe.views,
                  static_cast<int32_t>(set.labels.size()),
                  {logits.as<float>().begin(), logits.as<float>().end()}};
  if (logits.dims != std::vector<int64_t>{rows.dims[0], answers.views, answers.classes})
    throw not_answers(path, "its answers are not as many as its pictures, views and classes");
  if (!std::ranges::is_sorted(answers.rows) ||
      !std::ranges::all_of(training_rows(set, recipe), [&](int32_t row) { return answers.has(row); }))
    throw not_answers(path, "training pictures are missing in it");
  if (!std::ranges::all_of(answers.logits, [](float x) { return std::isfinite(x); }))
    throw not_answers(path, "some of its answers are no numbers");
  return answers;
}

}  // namespace dimple::train
