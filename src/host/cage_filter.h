// Inside host/cage: the list of what a worker may ask of the kernel.
#pragma once

namespace dimple::host {

// From here on, and for good, this process reads, writes, takes and gives back memory that is never executable, and
// ends; any other system call kills it. 0, or errno where the kernel has no such filter.
int forbid_system_calls();

}  // namespace dimple::host
