// A place where the processes of a search leave bytes for each other by name.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "train/ranks.h"

namespace dimple::search {

class RankStore {
 public:
  virtual ~RankStore() = default;
  virtual void set(const std::string& key, const std::vector<uint8_t>& bytes) = 0;
  virtual std::vector<uint8_t> get(const std::string& key) = 0;
  virtual bool has(const std::string& key) = 0;
  virtual int64_t add(const std::string& key, int64_t n) = 0;  // the sum behind it
  virtual void remove(const std::string& key) = 0;
};

// Rank 0 holds it, the others come to it; all of them must come within so many seconds. Throws train::RankLost here, and at
// any use once the process that holds it is gone.
std::unique_ptr<RankStore> meet_ranks(const train::Rank& rank, double timeout_s);

}  // namespace dimple::search
