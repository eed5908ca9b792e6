// Where several processes meet: rank 0 holds a store, the others come to it. Only for what includes libtorch anyway.
#pragma once
#include <chrono>
#include <string>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "train/ranks.h"

namespace dimple::train {

// "rank 1 of 2 <what>: <the first line of what libtorch says>"; the rest is a stack trace.
inline RankLost rank_lost(const Rank& rank, const std::string& what, const std::exception& e, const std::string& hint) {
  const std::string why = e.what();
  return {host::Exit::failed,
          "rank " + std::to_string(rank.index) + " of " + std::to_string(rank.world) + " " + what + ": " +
              why.substr(0, why.find('\n')),
          hint};
}

// Later versions of libtorch have a second server of the store, take it by default, and are built without it by Debian.
template <class Options>
void prefer_plain_server(Options& options) {
  if constexpr (requires { options.useLibUV; }) options.useLibUV = false;
}

// Throws what libtorch throws where the others do not come in time.
inline c10::intrusive_ptr<c10d::TCPStore> meet(const Rank& rank, std::chrono::milliseconds timeout) {
  c10d::TCPStoreOptions options;
  options.port = rank.port, options.isServer = rank.leads();
  options.numWorkers = static_cast<std::size_t>(rank.world), options.timeout = timeout;
  prefer_plain_server(options);
  return c10::make_intrusive<c10d::TCPStore>(rank.address, options);
}

}  // namespace dimple::train
