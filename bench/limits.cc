// bench_limits [LEVEL]: what one core could do if it did nothing but multiply and add with the instructions of that level
// (without one: the best that this processor has), in operations a second: a product and its sum are two.
// {"f32": ..., "int8": ...}; a level that does not say is left out.
#include <fmt/format.h>

#include <iostream>

#include "host/error.h"
#include "inference/level.h"
#include "profile/host_time.h"

int main(int argc, char** argv) {
  using namespace dimple;
  try {
    const kernels::IsaSet isas = inference::isas_up_to(argc > 1 ? argv[1] : "");
    std::string text;
    using kernels::Work;
    for (const auto& [name, work] : {std::pair("f32", Work::multiply_f32), std::pair("int8", Work::multiply_s8)})
      if (const double rate = 2 * profile::measure_limit(isas, work); rate > 0)
        text += fmt::format("{}\"{}\": {:.4g}", text.empty() ? "" : ", ", name, rate);
    std::cout << '{' << text << "}\n";
    return 0;
  } catch (const host::Error& error) {
    std::cerr << "bench_limits: " << error.what() << '\n';
    return static_cast<int>(error.exit());
  }
}
