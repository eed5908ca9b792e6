#include "host/cage.h"

#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "host/cage_inside.h"
#include "host/error.h"
#include "host/files.h"

namespace dimple::host {
namespace {

constexpr int kMaxStrayNotes = 8;  // a worker that says more than that is not ours any more
constexpr size_t kForgottenAbove = size_t{48}
                                   << 20;  // to take the pages of a photograph anew costs as much as to decode it

std::string describe_end(int status) {
  if (!WIFSIGNALED(status)) return "ended early";
  switch (WTERMSIG(status)) {
    case SIGSYS: return "asked the system for what it may not have";
    case SIGKILL: return "was killed";
    default: return "crashed (signal " + std::to_string(WTERMSIG(status)) + ")";
  }
}

// An empty packet reads like the end; only the end hangs up.
bool hung_up(int socket) {
  pollfd state{socket, 0, 0};
  return ::poll(&state, 1, 0) == 1 && (state.revents & POLLHUP) != 0;
}

timeval interval_of(std::chrono::milliseconds time) {
  return {static_cast<time_t>(time.count() / 1000), static_cast<suseconds_t>(time.count() % 1000 * 1000)};
}

}  // namespace

Cage::Cage(CagedTask task, const CageLimits& limits) : task_(task), limits_(limits) {
  const size_t page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  limits_.question_bytes = (limits.question_bytes + page - 1) / page * page;  // so that the answer begins a page
  // Of these pages exist only those that are used.
  void* memory = ::mmap(nullptr, limits_.question_bytes + limits_.answer_bytes, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    why_not_ = "no shared memory: " + describe_errno(errno);
    return;
  }
  memory_ = static_cast<uint8_t*>(memory);
  if (!start()) return;
  const std::optional<CageNote> first = next_note();
  holds_ = first && first->kind == CageNote::ready;
  if (holds_) return;
  why_not_ = first && first->kind == CageNote::refused ? "no filter of system calls: " + describe_errno(first->detail)
                                                       : "its process does not start";
  stop();
}

Cage::~Cage() {
  stop();
  if (memory_ != nullptr) ::munmap(memory_, limits_.question_bytes + limits_.answer_bytes);
}

// The keeper inherits the memory, and no other cage's keeper does: a worker that was taken over could change what the
// others are asked.
bool Cage::start() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    why_not_ = "no socket: " + describe_errno(errno);
    return false;
  }
  socket_.emplace(ends[0]);
  const Descriptor inner(ends[1]);
  const timeval patience = interval_of(limits_.time);
  ::setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  const pid_t parent = ::getpid();
  const size_t bytes = limits_.question_bytes + limits_.answer_bytes;
  ::madvise(memory_, bytes, MADV_DOFORK);
  keeper_ = ::fork();
  if (keeper_ == 0) keep_cage({task_, limits_, memory_, ends[1]}, parent);
  ::madvise(memory_, bytes, MADV_DONTFORK);
  worker_ = 1, asked_ = 0;
  why_not_ = keeper_ < 0 ? "no process: " + describe_errno(errno) : "";
  return keeper_ > 0;
}

// The keeper ends its worker, waits for it, and ends.
void Cage::stop() {
  socket_.reset();  // a keeper that writes waits for no reader
  if (keeper_ > 0) {
    if (!tell_keeper(kEndOfCage)) ::kill(keeper_, SIGKILL);
    while (::waitpid(keeper_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  keeper_ = -1;
}

bool Cage::tell_keeper(int which) const {
  sigval value{};
  value.sival_int = which;
  return ::sigqueue(keeper_, word_to_keeper(), value) == 0;
}

std::optional<CageNote> Cage::next_note() {
  CageNote note{};
  ssize_t got = 0;
  do {
    got = ::recv(socket_->number(), &note, sizeof note, 0);
  } while (got < 0 && errno == EINTR);
  if (got == sizeof note) return note;
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return std::nullopt;
  if (got >= 0 && !hung_up(socket_->number())) return CageNote{CageNote::unknown, 0};
  stop();  // the keeper was killed, which no worker can do
  return std::nullopt;
}

// Returns when the keeper is about to fork the next, or is gone.
void Cage::end_worker() {
  const bool told = keeper_ > 0 && tell_keeper(worker_);
  for (int notes = 0; keeper_ > 0; ++notes) {
    const std::optional<CageNote> note = told ? next_note() : std::nullopt;
    if (note && note->kind == CageNote::died) break;
    if (note && notes < kMaxStrayNotes) continue;
    if (keeper_ > 0) ::kill(keeper_, SIGKILL);  // it does not answer, or its worker forges notes
    stop();
  }
  ++worker_, asked_ = 0;
}

void Cage::break_off(std::string how) {
  end_worker();
  throw CageBroken{std::move(how)};
}

void Cage::report_death(int status) {
  ++worker_, asked_ = 0;
  const bool from_outside = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  if (from_outside) end_worker();  // it may have died before it was asked: then the next one holds this question
  throw CageBroken{describe_end(status), from_outside};
}

// What was taken over ends here, and the fresh one finds nothing of what others were asked.
void Cage::retire_worker() {
  end_worker();
  ++retired_;
  ::madvise(memory_, limits_.question_bytes + limits_.answer_bytes, MADV_REMOVE);
  used_question_ = used_answer_ = 0;
}

// Gives the pages of a large picture back.
void Cage::forget() {
  if (used_question_ > kForgottenAbove) ::madvise(memory_, used_question_, MADV_REMOVE);
  if (used_answer_ > kForgottenAbove) ::madvise(memory_ + limits_.question_bytes, used_answer_, MADV_REMOVE);
  used_question_ = used_answer_ = 0;
}

std::span<const uint8_t> Cage::ask(std::span<const uint8_t> question) {
  if (question.size() > limits_.question_bytes) throw CageBroken{"cannot take so large a file"};
  if (limits_.questions > 0 && asked_ >= limits_.questions) retire_worker();
  if (keeper_ < 0 && !start()) throw Error(Exit::resources, "cannot start a process to decode in: " + why_not_);
  forget();
  std::ranges::copy(question, memory_);
  used_question_ = question.size();
  ++asked_;
  const CageOrder order{++number_, question.size()};
  ::send(socket_->number(), &order, sizeof order, MSG_NOSIGNAL);  // if nothing listens, the note below says so
  for (int strays = 0; strays <= kMaxStrayNotes; ++strays) {
    const std::optional<CageNote> note = next_note();
    if (!note && keeper_ > 0) break_off("took too long");
    if (!note) throw CageBroken{"was ended from outside", true};
    if (note->kind == CageNote::died) report_death(note->detail);
    if (note->kind != CageNote::answered || note->number != order.number) continue;  // of the worker before
    if (note->bytes > limits_.answer_bytes) break;
    used_answer_ = note->bytes;
    return {memory_ + limits_.question_bytes, note->bytes};
  }
  break_off("gave an answer that cannot be");
}

}  // namespace dimple::host
