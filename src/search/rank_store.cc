#include "search/rank_store.h"

#include <signal.h>

#include <chrono>

#include "nn/torch.h"

#if __has_include(<torch/csrc/distributed/c10d/TCPStore.hpp>)
#define DIMPLE_TCP_STORE 1
#include "train/meeting.h"
#endif

namespace dimple::search {

#ifdef DIMPLE_TCP_STORE
namespace {

class TcpStore final : public RankStore {
 public:
  TcpStore(const train::Rank& rank, double timeout_s) : rank_(rank) {
    ::signal(SIGPIPE, SIG_IGN);  // a rank that has just gone is an error to be caught
    try {
      store_ = train::meet(rank, std::chrono::milliseconds(static_cast<int64_t>(timeout_s * 1000)));
    } catch (const std::exception& e) {
      throw train::rank_lost(rank,
                             "cannot meet the other ranks at " + rank.address + ", port " + std::to_string(rank.port),
                             e, "MASTER_ADDR and MASTER_PORT say where; all ranks start within --rank-timeout-s");
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
      throw train::rank_lost(rank_, "lost the others", e, "see what they said; start all ranks again with --resume");
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
