/* A plug-in for QEMU: how many instructions a program ran, in each of its functions, printed when it ends.
 *
 *   cc -shared -fPIC -O2 -o count.so bench/chips/count_plugin.c
 *   qemu-aarch64 -cpu cortex-a76 -plugin ./count.so -d plugin PROGRAM...
 *
 * The few words of QEMU's interface for plug-ins that it needs are declared here (version 1 of it, QEMU 4.2 and later):
 * Debian's package of QEMU has no header for them.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { kAdd = 0 };
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, void (*translated)(uint64_t id, struct qemu_plugin_tb*));
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb*);
struct qemu_plugin_insn* qemu_plugin_tb_get_insn(const struct qemu_plugin_tb*, size_t index);
const char* qemu_plugin_insn_symbol(const struct qemu_plugin_insn*);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb*, int what, void* to, uint64_t by);
void qemu_plugin_register_atexit_cb(uint64_t id, void (*ended)(uint64_t id, void* user), void* user);
void qemu_plugin_outs(const char* text);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

enum { kMostFunctions = 4096 };
static struct {
  const char* name;
  uint64_t instructions;
} functions[kMostFunctions]; /* the first has no name */
static int function_count = 1;

static int function_of(const struct qemu_plugin_tb* block) {
  const char* name = qemu_plugin_insn_symbol(qemu_plugin_tb_get_insn(block, 0));
  if (name == NULL) return 0;
  for (int i = 1; i < function_count; ++i)
    if (strcmp(functions[i].name, name) == 0) return i;
  if (function_count == kMostFunctions) return 0;
  functions[function_count].name = name;
  return function_count++;
}

/* A block runs to its end, but for faults. */
static void count_block(uint64_t id, struct qemu_plugin_tb* block) {
  (void)id;
  qemu_plugin_register_vcpu_tb_exec_inline(block, kAdd, &functions[function_of(block)].instructions,
                                           qemu_plugin_tb_n_insns(block));
}

static void print_line(const char* name, uint64_t instructions) {
  char line[256];
  snprintf(line, sizeof line, "%12" PRIu64 " %s\n", instructions, name);
  qemu_plugin_outs(line);
}

static void print_counts(uint64_t id, void* user) {
  (void)id, (void)user;
  uint64_t all = 0;
  for (int i = 0; i < function_count; ++i) {
    if (functions[i].instructions != 0) print_line(i == 0 ? "?" : functions[i].name, functions[i].instructions);
    all += functions[i].instructions;
  }
  print_line("instructions", all);
}

__attribute__((visibility("default"))) int qemu_plugin_install(uint64_t id, const void* machine, int argc,
                                                               char** argv) {
  (void)machine, (void)argc, (void)argv;
  qemu_plugin_register_vcpu_tb_trans_cb(id, count_block);
  qemu_plugin_register_atexit_cb(id, print_counts, NULL);
  return 0;
}
