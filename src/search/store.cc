#include "search/store.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cstdlib>
#include <functional>

#include "host/error.h"
#include "host/json.h"

namespace dimple::search {
namespace {

using host::Error;
using host::Exit;

constexpr const char* kVersion = "1";
constexpr const char* kTables = R"(
  CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS trials (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    heir TEXT NOT NULL,
    path TEXT NOT NULL,
    result TEXT
  );
)";

}  // namespace

struct Store::Database {
  explicit Database(std::string name) : file(std::move(name)) {}
  ~Database() { sqlite3_close(handle); }

  [[noreturn]] void fail(int code) const {
    const std::string why = sqlite3_errmsg(handle);
    switch (code & 0xff) {
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
        throw Error(Exit::usage, fmt::format("{} is in use by another search", file),
                    "one at a time goes on with a folder");
      case SQLITE_FULL:
      case SQLITE_IOERR:
      case SQLITE_NOMEM:
      case SQLITE_READONLY:
      case SQLITE_CANTOPEN: throw Error(Exit::resources, fmt::format("cannot write {}: {}", file, why));
      default: throw Error(Exit::input, fmt::format("{} holds no search: {}", file, why));
    }
  }
  void check(int code) const {
    if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE) fail(code);
  }
  void run(const char* sql) { check(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr)); }

  // A process that was killed may hold its lock for a moment yet.
  void open(int flags) {
    constexpr int kPatienceMs = 2000;
    check(sqlite3_open_v2(file.c_str(), &handle, flags, nullptr));
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, kPatienceMs);
    run("PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; BEGIN EXCLUSIVE;");
  }

  std::string file;
  sqlite3* handle = nullptr;
};

namespace {

// One statement at work: values go in by `bind`, rows come out by `step`.
class Statement {
 public:
  template <class Database>
  Statement(Database& database, const char* sql) : check_([&database](int code) { database.check(code); }) {
    database.check(sqlite3_prepare_v2(database.handle, sql, -1, &statement_, nullptr));
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(const std::string& text) {
    check_(sqlite3_bind_text(statement_, ++bound_, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT));
    return *this;
  }
  bool step() {
    const int code = sqlite3_step(statement_);
    check_(code);
    return code == SQLITE_ROW;
  }

  bool is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  std::string text(int column) const {
    const auto* const bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return bytes ? std::string(bytes, static_cast<size_t>(sqlite3_column_bytes(statement_, column))) : "";
  }

 private:
  std::function<void(int)> check_;
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
};

constexpr const char* kColumns = "SELECT id, key, heir, path, result FROM trials ";

Record record_in(const Statement& row, const std::string& file) {
  Record r{row.integer(0), row.text(1), row.text(2), row.text(3), !row.is_null(4), {}};
  if (r.done) host::from_json(r.result, host::parse_json(row.text(4), file), file);
  return r;
}

template <class Database>
std::string fact(Database& database, const std::string& name) {
  Statement row(database, "SELECT value FROM facts WHERE name = ?");
  return row.bind(name).step() ? row.text(0) : "";
}

template <class Database>
void set_fact(Database& database, const std::string& name, const std::string& value) {
  Statement(database, "INSERT OR REPLACE INTO facts VALUES (?, ?)").bind(name).bind(value).step();
}

void check_version(const std::string& version, const std::string& file) {
  if (version != kVersion)
    throw Error(Exit::input, fmt::format("{} is of version {}, and this program reads {}", file, version, kVersion),
                "another release of dimple made it");
}

}  // namespace

Store::Store(const std::filesystem::path& file, const std::string& identity)
    : database_(std::make_unique<Database>(file.string())) {
  Database& db = *database_;
  db.open(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  db.run(kTables);
  const std::string version = fact(db, "version");
  if (version.empty()) {
    set_fact(db, "version", kVersion), set_fact(db, "identity", identity), set_fact(db, "seconds", "0");
  } else {
    check_version(version, db.file);
    if (fact(db, "identity") != identity)
      throw Error(Exit::usage, db.file + " holds a search with other settings, or on other data",
                  "a new run folder keeps results apart");
  }
  db.run("COMMIT;");
}

Store::Store(const std::filesystem::path& file) : database_(std::make_unique<Database>(file.string())) {
  database_->open(SQLITE_OPEN_READWRITE);
  check_version(fact(*database_, "version"), database_->file);
  database_->run("COMMIT;");
}

Store::~Store() = default;

std::optional<Record> Store::find(const std::string& key) const {
  Statement row(*database_, fmt::format("{}WHERE key = ?", kColumns).c_str());
  if (!row.bind(key).step()) return {};
  return record_in(row, database_->file);
}

std::vector<Record> Store::all() const {
  std::vector<Record> records;
  Statement row(*database_, fmt::format("{}ORDER BY id", kColumns).c_str());
  while (row.step()) records.push_back(record_in(row, database_->file));
  return records;
}

Record Store::ask(const Record& wanted) {
  Statement(*database_, "INSERT OR IGNORE INTO trials (key, heir, path) VALUES (?, ?, ?)")
      .bind(wanted.key)
      .bind(wanted.heir)
      .bind(wanted.path)
      .step();
  return *find(wanted.key);
}

void Store::finish(const std::string& key, const TrialResult& result) {
  Statement(*database_, "UPDATE trials SET result = ? WHERE key = ? AND result IS NULL")
      .bind(host::to_json(result).dump())
      .bind(key)
      .step();
}

std::optional<Record> Store::first_undone() const {
  Statement row(*database_, fmt::format("{}WHERE result IS NULL ORDER BY id LIMIT 1", kColumns).c_str());
  if (!row.step()) return {};
  return record_in(row, database_->file);
}

void Store::forget(const std::string& key) {
  Statement(*database_, "UPDATE trials SET result = NULL WHERE key = ?").bind(key).step();
}

double Store::seconds() const { return std::strtod(fact(*database_, "seconds").c_str(), nullptr); }
void Store::add_seconds(double more) { set_fact(*database_, "seconds", fmt::format("{}", seconds() + more)); }

void Store::limit_pages_for_tests(int pages) {
  Statement(*database_, fmt::format("PRAGMA max_page_count = {}", pages).c_str()).step();
}

}  // namespace dimple::search
