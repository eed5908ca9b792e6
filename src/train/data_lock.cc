#include "train/data_lock.h"

#include "data/protocol.h"
#include "data/split_file.h"
#include "host/files.h"
#include "host/json.h"
#include "host/sha256.h"

namespace dimple::train {
namespace {

constexpr const char* kDataLock = "data.lock.json";
constexpr const char* kChecksumDiffers = "its checksum differs from data.lock.json";

// Votes are not part of the data's own checksum, but the weights depend on them.
std::string votes_sha256(const data::Dataset& set) { return set.votes.empty() ? "" : host::sha256(set.votes); }
std::string split_sha256(const data::Dataset& set) { return host::sha256(data::split_csv(set)); }
std::string teacher_sha256(const Recipe& recipe) {
  return recipe.teacher.empty() ? "" : host::sha256_file(recipe.teacher);
}

}  // namespace

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

}  // namespace dimple::train
