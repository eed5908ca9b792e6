#include "kept_counts.h"

#include "host/aligned_bytes.h"
#include "host/files.h"
#include "host/json.h"
#include "host/sha256.h"

namespace dimple {
namespace {

host::Json document_of(const profile::CountedNet& net, const std::string& program) {
  host::Json steps = host::Json::array();
  for (const profile::CountedStep& step : net.steps) steps.push_back(step.count);
  return {{"program", program}, {"count", net.count}, {"steps", steps}};
}

// What the steps have to do is not kept: the program says it.
profile::CountedNet net_of(const host::Json& kept, const target::Target& target, const profile::NetToCount& net,
                           const std::string& what) {
  const host::AlignedBytes bytes(net.program);
  const auto counts = host::json_value<std::vector<double>>(kept, "steps", what);
  const std::vector<profile::StepWork> work = profile::work_of_steps(format::view_program(bytes.data()), target.isas);
  if (counts.size() != work.size()) throw host::Error(host::Exit::input, what + ": `steps` are not the program's");
  profile::CountedNet counted{.name = net.name, .steps = {}, .count = host::json_value<double>(kept, "count", what)};
  for (size_t i = 0; i < work.size(); ++i) counted.steps.push_back({work[i], counts[i]});
  return counted;
}

}  // namespace

profile::CountedNet kept_or_counted(const std::filesystem::path& folder, const target::Target& target,
                                    const profile::NetToCount& net, const std::function<profile::CountedNet()>& count) {
  if (folder.empty()) return count();
  const std::filesystem::path file = folder / target.name / (net.name + ".json");
  const std::string program = host::sha256(net.program);
  if (host::file_exists(file)) {
    const host::Json kept = host::parse_json(host::read_text(file), file.string());
    if (host::json_value<std::string>(kept, "program", file.string()) == program)
      return net_of(kept, target, net, file.string());
  }
  const profile::CountedNet counted = count();
  host::make_folder(file.parent_path());
  host::write_atomic(file, host::print_json(document_of(counted, program)));
  return counted;
}

}  // namespace dimple
