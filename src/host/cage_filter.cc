#include "host/cage_filter.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace dimple::host {
namespace {

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define DIMPLE_SANITIZED
#endif
#endif

#if defined(__SANITIZE_ADDRESS__) || defined(DIMPLE_SANITIZED)
constexpr uint32_t kCageMachine = 0;  // a sanitizer asks for much more, and its reports shall be read
#elif defined(__x86_64__)
constexpr uint32_t kCageMachine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t kCageMachine = AUDIT_ARCH_AARCH64;
#else
constexpr uint32_t kCageMachine = 0;  // the offsets below were not looked at there
#endif

// read and write reach one socket, all else being closed. futex: a wait for nothing ends with the time that an answer
// may take.
constexpr long kAllowed[] = {SYS_read,    SYS_write, SYS_brk,  SYS_munmap,    SYS_mremap,
                             SYS_madvise, SYS_futex, SYS_exit, SYS_exit_group};
// These only without PROT_EXEC.
constexpr long kAllowedForData[] = {SYS_mmap, SYS_mprotect};
// What abort() asks for. Refused without a kill: it then ends in a fault, and is told apart from what a library that
// was taken over would ask for.
constexpr long kRefused[] = {SYS_rt_sigprocmask, SYS_rt_sigaction, SYS_gettid, SYS_getpid, SYS_tgkill, SYS_writev};

// Killed, not refused with an error: code that asks for more than the list is not ours any more, and should not get to
// try the next thing.
constexpr uint32_t kKill = SECCOMP_RET_KILL_PROCESS;

class SystemCallFilter {
 public:
  SystemCallFilter() {
    load(offsetof(seccomp_data, arch));
    jump(BPF_JEQ, kCageMachine, 1, 0);
    end(kKill);
    load(offsetof(seccomp_data, nr));  // the numbers of x32 have a bit of their own, and equal none of these
    for (const long number : kAllowed) answer(number, SECCOMP_RET_ALLOW);
    for (const long number : kAllowedForData) {
      jump(BPF_JEQ, number, 0, 4);
      load(offsetof(seccomp_data, args) + 2 * sizeof(uint64_t));  // the lower half of `prot`: both are little-endian
      jump(BPF_JSET, PROT_EXEC, 0, 1);
      end(kKill);
      end(SECCOMP_RET_ALLOW);
    }
    for (const long number : kRefused) answer(number, SECCOMP_RET_ERRNO | EPERM);
    end(kKill);
  }

  int install() {
    const sock_fprog program{static_cast<unsigned short>(steps_.size()), steps_.data()};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 ? 0 : errno;
  }

 private:
  void load(size_t offset) { steps_.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset))); }
  void end(uint32_t action) { steps_.push_back(BPF_STMT(BPF_RET | BPF_K, action)); }
  void jump(int comparison, long value, uint8_t if_true, uint8_t if_false) {
    steps_.push_back(
        BPF_JUMP(static_cast<uint16_t>(BPF_JMP | BPF_K | comparison), static_cast<uint32_t>(value), if_true, if_false));
  }
  void answer(long number, uint32_t action) {
    jump(BPF_JEQ, number, 0, 1);
    end(action);
  }

  std::vector<sock_filter> steps_;
};

}  // namespace

int forbid_system_calls() { return kCageMachine == 0 ? ENOSYS : SystemCallFilter().install(); }

}  // namespace dimple::host
