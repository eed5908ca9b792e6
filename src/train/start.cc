#include "train/start.h"

#include <fmt/format.h>

#include "data/protocol.h"
#include "data/split.h"
#include "data/split_file.h"
#include "edit/stochastic_depth.h"
#include "edit/surgery.h"
#include "host/files.h"
#include "host/json.h"
#include "host/sha256.h"
#include "host/suggest.h"
#include "ir/initialise.h"
#include "ir/semantics.h"
#include "ir/traits.h"
#include "model/model.h"
#include "model/state_dict.h"
#include "train/answers.h"
#include "train/sampler.h"
#include "train/schedule.h"
#include "zoo/architectures.h"

namespace dimple::train {
namespace {

constexpr const char* kDataLock = "data.lock.json";
constexpr const char* kChecksumDiffers = "its checksum differs from data.lock.json";

// Votes are not part of the data's own checksum, but the weights depend on them.
std::string votes_sha256(const data::Dataset& set) { return set.votes.empty() ? "" : host::sha256(set.votes); }
std::string split_sha256(const data::Dataset& set) { return host::sha256(data::split_csv(set)); }
std::string teacher_sha256(const Recipe& recipe) {
  std::string all;
  for (const std::string& file : teacher_files(recipe)) all += host::sha256_file(file);
  const size_t one = host::sha256("").size();
  return all.size() > one ? host::sha256(all) : all;
}

bool is_model_file(const std::string& arch) { return arch.ends_with(".safetensors"); }

// Its last layer as one of so many classes, without weights.
void renew_last_layer(ir::Graph& graph, int32_t classes) {
  ir::Value last = graph.output();
  while (last > ir::kInput && !ir::is_linear(graph.node_of(last).op)) last = graph.node_of(last).inputs[0];
  if (last == ir::kInput) throw host::Error(host::Exit::model, graph.name + " has no layer with weights");
  ir::Node& node = graph.nodes[static_cast<size_t>(last - 1)];
  if (auto* const dense = std::get_if<ops::Dense>(&node.op))
    dense->units = classes;
  else if (auto* const conv = std::get_if<ops::Conv2d>(&node.op))
    conv->out_channels = classes;
  else
    throw host::Error(host::Exit::model,
                      fmt::format("{}'s last layer, {}, cannot be made for other classes", graph.name, node.name));
  std::erase_if(graph.constants, [&](const auto& c) { return c.first.substr(0, c.first.rfind('.')) == node.name; });
  edit::infer_types(graph);
  for (const ir::Node& other : graph.nodes)  // norms and slopes behind it
    for (const ir::ParameterSpec& spec : ir::parameter_specs(other.op, ir::input_shapes(graph, other))) {
      const auto held = graph.constants.find(other.name + "." + std::string(spec.role));
      if (held != graph.constants.end() && held->second.dims != spec.dims) graph.constants.erase(held);
    }
}

// The network of a model file. With all of its weights it has to read these pictures and to know these classes in this
// order; without the last layer's, these pictures; as a structure, pictures of this size.
ir::Graph load_network(const Recipe& recipe, const data::Dataset& set) {
  const auto refuse = [&](const std::string& why, const char* hint) {
    throw host::Error(host::Exit::model, fmt::format("{} cannot be trained on {}: {}", recipe.arch, set.name, why),
                      hint);
  };
  model::Model model = model::load_model(recipe.arch);
  const image::Preprocess& p = model.preprocess;
  const bool is_structure = recipe.reuse == "structure";
  if (p.width != set.width || p.height != set.height || (p.channels != set.channels && !is_structure))
    refuse(fmt::format("it reads {}x{}x{} pictures, and these are {}x{}x{}", p.height, p.width, p.channels, set.height,
                       set.width, set.channels),
           "--size and --channels read them otherwise");
  if (!is_structure && (p.normalise == image::Normalise::standardise) != recipe.standardise)
    refuse("it reads pictures that are standardised otherwise", "--standardise or --no-standardise");
  if (model.labels != set.labels && recipe.reuse == "all")
    refuse("its classes are others, or in another order", "--reuse body gives it another last layer");
  if (model.graph.input.dtype != DType::f32)
    refuse("it is an integer network", "name the float model that it was made from");
  if (recipe.width != 1 || !recipe.init.empty())
    throw host::Error(host::Exit::usage, "--width and --init are for architectures; a model file has its weights");
  if (is_structure) model.graph.constants.clear(), model.graph.input.shape.channels = set.channels;
  if (recipe.reuse != "all") renew_last_layer(model.graph, static_cast<int32_t>(set.labels.size()));
  return std::move(model.graph);
}

// What was left open is a model file's: the size of its pictures, and their channels unless it is a structure alone.
data::ReadOptions read_options(const TrainRequest& request) {
  data::ReadOptions read = request.data.load;
  const bool said = read.size > 0 && (read.channels > 0 || request.recipe.reuse == "structure");
  if (said || !is_model_file(request.recipe.arch)) return read;  // the file of a search that goes on may be gone
  const image::Preprocess p = model::load_model(request.recipe.arch).preprocess;
  if (read.size == 0 && p.width == p.height) read.size = p.width;
  if (read.channels == 0 && request.recipe.reuse != "structure") read.channels = p.channels;
  return read;
}

}  // namespace

data::Dataset load_training_data(const TrainRequest& request, const host::Task& task) {
  if (request.paths.data.empty())
    throw host::Error(host::Exit::usage, "there is nothing to learn from",
                      "name a dataset: dimple train fer2013.csv.xz");
  const data::LoadOptions options{read_options(request), request.paths.votes, request.session.cage, task};
  data::Dataset set = data::apply_protocol(request.data.protocol, data::load_dataset(request.paths.data, options),
                                           {.fold = request.data.fold});
  data::check_trainable(set, options.force);
  for (const std::string& leak : data::leaks_of(set)) task.progress().say("forced: " + leak);
  const size_t all = data::rows_of(set, data::Split::train).size();
  if (const size_t kept = training_rows(set, request.recipe).size(); kept < all)
    task.progress().say(fmt::format("{} training pictures are left out: people do not agree about them", all - kept));
  if (set.target.empty() && request.recipe.vote_share > 0)
    task.progress().say(set.name + " comes without people's votes: training on its labels alone");
  return set;
}

void write_data_lock(const std::filesystem::path& folder, const data::Dataset& set, const TrainRequest& request,
                     const std::string& init_sha256) {
  host::Json lock{{"data", set.name},
                  {"sha256", set.sha256},
                  {"votes_sha256", votes_sha256(set)},
                  {"labels", set.labels},
                  {"protocol", data::find_protocol(request.data.protocol, set).name},
                  {"fold", request.data.fold},
                  {"init_sha256", init_sha256},
                  {"teacher_sha256", teacher_sha256(request.recipe)},
                  {"split_sha256", split_sha256(set)}};
  for (const data::Split s : {data::Split::train, data::Split::validation, data::Split::test})
    lock["pictures"][data::name_of(s)] = data::rows_of(set, s).size();
  host::write_atomic(folder / kDataLock, lock.dump(2) + "\n");
}

// Locks of earlier versions have no checksum of the teacher or the split.
std::string check_data_lock(const std::filesystem::path& folder, const data::Dataset& set,
                            const TrainRequest& request) {
  const host::Json lock = host::parse_json(host::read_text(folder / kDataLock), kDataLock);
  const auto refuse = [](const std::string& what, const char* hint) {
    throw host::Error(host::Exit::input, what, hint);
  };
  if (host::json_value<std::string>(lock, "sha256", kDataLock) != set.sha256 ||
      host::json_value<std::string>(lock, "votes_sha256", kDataLock) != votes_sha256(set))
    refuse(request.paths.data + " is not the data this run began with", kChecksumDiffers);
  if (const std::string teacher = teacher_sha256(request.recipe); lock.value("teacher_sha256", teacher) != teacher)
    refuse(request.recipe.teacher + " is not the teacher this run began with", kChecksumDiffers);
  // Subjects, protocol and fold decide the split as well.
  if (const std::string split = split_sha256(set); lock.value("split_sha256", split) != split)
    refuse("the pictures of " + request.paths.data + " are not split as when this run began",
           "the checksum of the split differs from data.lock.json");
  return lock.value("init_sha256", "");
}

void check_network(const Recipe& recipe) {
  if (is_model_file(recipe.arch)) {
    model::load_model(recipe.arch);
    return;
  }
  if (recipe.reuse != "all")
    throw host::Error(host::Exit::usage, "--reuse is for the network of a model file", "--arch found.safetensors");
  host::check_choice("arch", recipe.arch, zoo::architecture_names());
}

InitialNet make_initial_net(const Recipe& recipe, const data::Dataset& set) {
  check_network(recipe);
  InitialNet net;
  if (is_model_file(recipe.arch)) net.init_sha256 = host::sha256_file(recipe.arch);
  net.graph =
      is_model_file(recipe.arch)
          ? load_network(recipe, set)
          : zoo::make(recipe.arch,
                      {{set.height, set.width, set.channels}, static_cast<int>(set.labels.size()), recipe.width});
  if (recipe.batch_norms) edit::add_batch_norms(net.graph);
  if (recipe.drop_path > 0 && edit::set_stochastic_depth(net.graph, recipe.drop_path) == 0)
    throw host::Error(host::Exit::usage, recipe.arch + " has no shortcuts beside branches that could be left out",
                      "leave --drop-path at 0");
  ir::initialise(net.graph, recipe.seed);
  frozen_nodes(net.graph, recipe, 0);  // throws for a wrong --freeze
  return net;
}

void load_initial_weights(InitialNet& net, const Recipe& recipe, const host::Task& task) {
  if (recipe.init.empty()) return;
  net.transfer = model::transfer(model::load_state_dict(recipe.init), net.graph);
  net.init_sha256 = host::sha256_file(recipe.init);
  task.progress().say(model::print(*net.transfer));
}

}  // namespace dimple::train
