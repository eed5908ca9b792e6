#include "search/rank_store.h"

#include <signal.h>

#include <chrono>

#include "nn/torch.h"

#if __has_include(<torch/csrc/distributed/c10d/TCPStore.hpp>)
#define DIMPLE_TCP_STORE 1
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#endif

namespace dimple::search {

#ifdef DIMPLE_TCP_STORE
namespace {

// Later versions of libtorch have a second server of the store, take it by default, and are built without it by Debian.
template <class Options>
void take_plain_server(Options& options) {
  if constexpr (requires { options.useLibUV; }) options.useLibUV = false;
}

class TcpStore final : public RankStore {
 public:
  TcpStore(const train::Rank& rank, double timeout_s) : rank_(rank) {
    ::signal(SIGPIPE, SIG_IGN);  // a rank that has just gone is an error to be caught
    try {
      c10d::TCPStoreOptions options;
      options.port = rank.port, options.isServer = rank.leads();
      options.numWorkers = static_cast<std::size_t>(rank.world);
      options.timeout = std::chrono::milliseconds(static_cast<int64_t>(timeout_s * 1000));
      take_plain_server(options);
      store_ = c10::make_intrusive<c10d::TCPStore>(rank.address, options);
    } catch (const std::exception& e) {
      const std::string why = e.what();
      throw train::RankLost(host::Exit::failed,
                            "rank " + std::to_string(rank.index) + " of " + std::to_string(rank.world) +
                                " met nobody at " + rank.address + ", port " + std::to_string(rank.port) + ": " +
                                why.substr(0, why.find('\n')),
                            "MASTER_ADDR and MASTER_PORT say where; all ranks start within --rank-timeout-s");
    }
  }

  void set(const std::string& key, const std::vector<uint8_t>& bytes) override {
    guarded([&] { store_->set(key, bytes); });
  }
  std::vector<uint8_t> get(const std::string& key) override {
    return guarded([&] { return store_->get(key); });
  }
  bool has(const std::string& key) override {
    return guarded([&] { return store_->check({key}); });
  }
  int64_t add(const std::string& key, int64_t n) override {
    return guarded([&] { return store_->add(key, n); });
  }
  void remove(const std::string& key) override {
    guarded([&] { store_->deleteKey(key); });
  }

 private:
  template <class F>
  auto guarded(const F& f) const -> decltype(f()) {
    try {
      return f();
    } catch (const std::exception& e) {
      const std::string why = e.what();
      throw train::RankLost(host::Exit::failed,
                            "rank " + std::to_string(rank_.index) + " of " + std::to_string(rank_.world) +
                                " lost the others: " + why.substr(0, why.find('\n')),
                            "see what they said; start all ranks again with --resume");
    }
  }

  train::Rank rank_;
  c10::intrusive_ptr<c10d::TCPStore> store_;
};

}  // namespace
#endif

std::unique_ptr<RankStore> meet_ranks([[maybe_unused]] const train::Rank& rank, [[maybe_unused]] double timeout_s) {
#ifdef DIMPLE_TCP_STORE
  return std::make_unique<TcpStore>(rank, timeout_s);
#else
  throw host::Error(host::Exit::failed, "this libtorch has no store where processes meet",
                    "it was built without its distributed part");
#endif
}

}  // namespace dimple::search
