// What can go wrong on a device, grouped by whose fault it is.
#pragma once
#include "base/platform.h"

namespace dimple {

enum class [[nodiscard]] Status : int32_t{
    ok = 0,
    // the caller's fault
    bad_argument = 1,
    wrong_order = 2,  // run before prepare, for example
    // the model file's fault
    bad_magic = 10,
    later_version = 11,
    truncated = 12,
    bad_checksum = 13,
    malformed = 14,
    unknown_operator = 15,
    no_kernel = 16,
    earlier_version = 17,
    unknown_type = 18,
    unknown_layout = 19,
    reads_no_faces = 30,
    // resources
    memory_too_small = 20,
    misaligned = 21,
};

constexpr const char* describe(Status status) {
  switch (status) {
    case Status::ok: return "fine";
    case Status::bad_argument: return "an argument is out of range";
    case Status::wrong_order: return "called before the program was prepared";
    case Status::bad_magic: return "this is not a Dimple program";
    case Status::later_version: return "the program was written by a later version of Dimple";
    case Status::earlier_version:
      return "the program was written by an earlier version of Dimple: export it anew from its model";
    case Status::truncated: return "the program is cut short";
    case Status::bad_checksum: return "the program is damaged: its checksum does not match";
    case Status::malformed: return "the program contradicts itself";
    case Status::unknown_operator: return "the program uses an operator this build does not have";
    case Status::no_kernel:
      return "this machine has no kernel for one of the program's operators in its data types and layout of weights";
    case Status::unknown_type: return "the program uses data types that its operator does not have";
    case Status::unknown_layout: return "the program holds weights in a layout that this build does not know";
    case Status::reads_no_faces:
      return "the program reads no faces: it does not say how one becomes its input, or its output is no list of "
             "scores";
    case Status::memory_too_small: return "the memory is smaller than the program needs";
    case Status::misaligned: return "a buffer is not aligned to 16 bytes";
  }
  return "unknown status";
}

}  // namespace dimple
