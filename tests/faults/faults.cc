// A library for LD_PRELOAD that makes one call to the system fail, and counts them. FAULT_KIND names what fails:
//   alloc    malloc, calloc, realloc and the aligned ones       ENOMEM
//   thread   pthread_create, but for libpthreadpool's           EAGAIN
//   open     open, openat, fopen, opendir                       FAULT_ERRNO
//   read     read, pread                                        FAULT_ERRNO
//   write    write, pwrite, writev                              FAULT_ERRNO; write has written half
//   sync     fsync, fdatasync                                   FAULT_ERRNO
//   rename   rename, renameat, link, linkat                     FAULT_ERRNO
//   mkdir    mkdir, mkdirat                                     FAULT_ERRNO
// FAULT_AT is the call that fails, from 1; with FAULT_FROM_THEN_ON set, all later ones fail too. FAULT_COUNT names a file
// that gets the number of calls of that kind; FAULT_TRAP stops a debugger at the one that fails.
// With FAULT_SIGNAL nothing fails: the call sends the program that signal, and goes on. Calls before main (the loader,
// static objects) and after it do not count.
// Standard output goes past this: the C library writes to it without a call that could be caught. tests/edges_test.cc
// fills that stream.
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>

extern "C" {
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);
}

namespace {

enum class Kind { none, alloc, thread, open, read, write, sync, rename, mkdir };
constexpr const char* kKinds[] = {"", "alloc", "thread", "open", "read", "write", "sync", "rename", "mkdir"};

// Zero until main starts: plain data, since other libraries allocate before this one is initialised.
std::atomic<Kind> failing = Kind::none;
std::atomic<long> calls = 0;
long first = 0;
bool from_then_on = false, trap = false;
int number = ENOMEM, sent = 0;

bool fails(Kind kind) {
  if (failing.load(std::memory_order_relaxed) != kind) return false;
  const long call = ++calls;
  const bool now = first > 0 && (from_then_on ? call >= first : call == first);
  if (now && sent != 0) {
    kill(getpid(), sent);  // as from outside: to the program, not to this thread
    return false;
  }
  if (now && trap) raise(SIGTRAP);
  if (now) errno = number;
  return now;
}

// The function that this library hides.
template <class F>
F* hidden(const char* name) {
  return reinterpret_cast<F*>(dlsym(RTLD_NEXT, name));
}

long whole(const char* name) {
  const char* text = getenv(name);
  return text == nullptr ? 0 : strtol(text, nullptr, 10);
}

Kind asked_for() {
  const char* name = getenv("FAULT_KIND");
  for (int kind = 1; name != nullptr && kind < int(sizeof kKinds / sizeof *kKinds); ++kind)
    if (strcmp(name, kKinds[kind]) == 0) return Kind(kind);
  return Kind::none;
}

void write_count(const char* path) {
  if (path == nullptr) return;
  const int file = int(syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0666));
  char text[32];
  const int length = snprintf(text, sizeof text, "%ld\n", calls.load());
  if (file < 0 || syscall(SYS_write, file, text, length) != length) abort();
  close(file);
}

using Main = int(int, char**, char**);
Main* real_main = nullptr;

int counted_main(int argc, char** argv, char** environment) {
  const char* count = getenv("FAULT_COUNT");
  const Kind kind = asked_for();
  first = whole("FAULT_AT"), from_then_on = getenv("FAULT_FROM_THEN_ON") != nullptr;
  trap = getenv("FAULT_TRAP") != nullptr, sent = int(whole("FAULT_SIGNAL"));
  if (const long asked = whole("FAULT_ERRNO"); asked > 0) number = int(asked);
  if (kind == Kind::thread) number = EAGAIN;
  unsetenv("LD_PRELOAD");  // programs that are started from here are not meant...
  // ...nor what is forked: it would count from the same number anew. host/cage_test.cc lets those die in all ways.
  pthread_atfork(nullptr, nullptr, [] { failing = Kind::none; });
  failing = kind;
  const int code = real_main(argc, argv, environment);
  failing = Kind::none;
  write_count(count);
  return code;
}

mode_t mode_of(int flags, va_list more) {
  return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(more, mode_t) : 0;
}

int open_at(int folder, const char* path, int flags, mode_t mode) {
  return fails(Kind::open) ? -1 : int(syscall(SYS_openat, folder, path, flags, mode));
}

FILE* open_stream(const char* path, const char* mode) {
  static auto* const next = hidden<FILE*(const char*, const char*)>("fopen");
  return fails(Kind::open) ? nullptr : next(path, mode);
}

int rename_at(int from_folder, const char* from, int to_folder, const char* to) {
  return fails(Kind::rename) ? -1 : int(syscall(SYS_renameat2, from_folder, from, to_folder, to, 0));
}

int link_at(int from_folder, const char* from, int to_folder, const char* to, int flags) {
  return fails(Kind::rename) ? -1 : int(syscall(SYS_linkat, from_folder, from, to_folder, to, flags));
}

int make_folder_at(int folder, const char* path, mode_t mode) {
  return fails(Kind::mkdir) ? -1 : int(syscall(SYS_mkdirat, folder, path, mode));
}

}  // namespace

extern "C" {

int __libc_start_main(Main* main, int argc, char** argv, void (*init)(), void (*fini)(), void (*loader_fini)(),
                      void* stack) {
  real_main = main;
  return hidden<int(Main*, int, char**, void (*)(), void (*)(), void (*)(), void*)>("__libc_start_main")(
      counted_main, argc, argv, init, fini, loader_fini, stack);
}

void* malloc(size_t size) noexcept { return fails(Kind::alloc) ? nullptr : __libc_malloc(size); }
void* calloc(size_t count, size_t size) noexcept { return fails(Kind::alloc) ? nullptr : __libc_calloc(count, size); }
void* realloc(void* block, size_t size) noexcept { return fails(Kind::alloc) ? nullptr : __libc_realloc(block, size); }
void* memalign(size_t alignment, size_t size) noexcept {
  return fails(Kind::alloc) ? nullptr : __libc_memalign(alignment, size);
}
void* aligned_alloc(size_t alignment, size_t size) noexcept { return memalign(alignment, size); }
int posix_memalign(void** block, size_t alignment, size_t size) noexcept {
  void* made = memalign(alignment, size);
  if (made == nullptr) return ENOMEM;
  *block = made;
  return 0;
}

// libpthreadpool, which libtorch starts, waits for ever for a thread that could not be made: those are let through.
static bool is_of_pthreadpool(void* caller) {
  Dl_info library{};
  return dladdr(caller, &library) != 0 && library.dli_fname != nullptr && strstr(library.dli_fname, "libpthreadpool");
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*body)(void*), void* argument) noexcept {
  using Create = int(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  static auto* const next = hidden<Create>("pthread_create");
  const bool is_ours = !is_of_pthreadpool(__builtin_return_address(0));
  return is_ours && fails(Kind::thread) ? number : next(thread, attributes, body, argument);
}

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_at(AT_FDCWD, path, flags, mode);
}
int open64(const char* path, int flags, ...) __attribute__((alias("open")));
int openat(int folder, const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_at(folder, path, flags, mode);
}
int openat64(int folder, const char* path, int flags, ...) __attribute__((alias("openat")));
FILE* fopen(const char* path, const char* mode) { return open_stream(path, mode); }
FILE* fopen64(const char* path, const char* mode) { return open_stream(path, mode); }
DIR* opendir(const char* path) {
  static auto* const next = hidden<DIR*(const char*)>("opendir");
  return fails(Kind::open) ? nullptr : next(path);
}

ssize_t read(int file, void* to, size_t size) { return fails(Kind::read) ? -1 : syscall(SYS_read, file, to, size); }
ssize_t pread(int file, void* to, size_t size, off_t at) {
  return fails(Kind::read) ? -1 : syscall(SYS_pread64, file, to, size, at);
}
ssize_t pread64(int file, void* to, size_t size, off_t at) __attribute__((alias("pread")));
ssize_t write(int file, const void* from, size_t size) {
  if (!fails(Kind::write)) return syscall(SYS_write, file, from, size);
  static_cast<void>(syscall(SYS_write, file, from, size / 2));
  errno = number;
  return -1;
}
ssize_t pwrite(int file, const void* from, size_t size, off_t at) {
  return fails(Kind::write) ? -1 : syscall(SYS_pwrite64, file, from, size, at);
}
ssize_t pwrite64(int file, const void* from, size_t size, off_t at) __attribute__((alias("pwrite")));
ssize_t writev(int file, const struct iovec* pieces, int count) {
  return fails(Kind::write) ? -1 : syscall(SYS_writev, file, pieces, count);
}

// A test does not lose its power: what would take most of its time is left out.
int fsync(int) { return fails(Kind::sync) ? -1 : 0; }
int fdatasync(int) { return fails(Kind::sync) ? -1 : 0; }

int rename(const char* from, const char* to) noexcept { return rename_at(AT_FDCWD, from, AT_FDCWD, to); }
int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
  return rename_at(from_folder, from, to_folder, to);
}
int link(const char* from, const char* to) noexcept { return link_at(AT_FDCWD, from, AT_FDCWD, to, 0); }
int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) noexcept {
  return link_at(from_folder, from, to_folder, to, flags);
}

int mkdir(const char* path, mode_t mode) noexcept { return make_folder_at(AT_FDCWD, path, mode); }
int mkdirat(int folder, const char* path, mode_t mode) noexcept { return make_folder_at(folder, path, mode); }
}
