/* ONNX Runtime through its C interface. Its package carries the library and no header: the interface is a table of
 * functions to which versions only append, so a function is named by its place in the table, and the few that are
 * called here are declared as their documentation describes them. A status is a null pointer when all went well. */
#include <dlfcn.h>

#include "../peer.h"

enum place {
  ERROR_MESSAGE = 2,
  CREATE_ENV = 3,
  CREATE_SESSION = 7,
  RUN = 9,
  CREATE_SESSION_OPTIONS = 10,
  SET_GRAPH_OPTIMIZATION_LEVEL = 23,
  SET_INTRA_OP_THREADS = 24,
  SET_INTER_OP_THREADS = 25,
  INPUT_TYPE = 33,
  OUTPUT_TYPE = 34,
  OUTPUT_COUNT = 31,
  INPUT_NAME = 36,
  OUTPUT_NAME = 37,
  CREATE_TENSOR = 49,
  TENSOR_INFO_OF_TYPE = 55,
  ELEMENT_TYPE = 60,
  DIMENSION_COUNT = 61,
  DIMENSIONS = 62,
  CREATE_CPU_MEMORY_INFO = 69,
  DEFAULT_ALLOCATOR = 78
};
enum {
  API_VERSION = 10,
  LOG_ERRORS = 3,
  ALL_OPTIMIZATIONS = 99,
  ELEMENT_FLOAT = 1,
  ELEMENT_UINT8 = 2,
  MOST_OUTPUTS = 2
};

struct api_base {
  void* const* (*api)(uint32_t version);
  const char* (*version)(void);
};

static const struct api_base* base;
static void* const* api;
static void *session, *values_in[1], *values_out[MOST_OUTPUTS];
static char *names_in[1], *names_out[MOST_OUTPUTS];
static size_t outputs;
static struct {
  float real[PEER_MOST_OUTPUTS];
  uint8_t codes[PEER_MOST_OUTPUTS];
  size_t reals, code_count;
  int are_unsigned;
} answer;

static void check(void* status) {
  typedef const char* message_of(const void*);
  if (status != NULL) peer_fail("onnxruntime", ((message_of*)api[ERROR_MESSAGE])(status));
}

/* Each order is of one of these forms, whatever its pointers point to. */
typedef void* one(void*);
typedef void* two(void*, void*);
typedef void* two_int(void*, int);
typedef void* three(void*, void*, void*);
typedef void* three_size(void*, size_t, void*);
typedef void* dimensions(void*, int64_t*, size_t);
typedef void* four(void*, const void*, void*, void*);
typedef void* four_size(void*, size_t, void*, char**);
typedef void* create_env(int level, const char* id, void** out);
typedef void* create_memory_info(int allocator, int memory, void** out);
typedef void* create_tensor(void* info, void* data, size_t bytes, const int64_t* dims, size_t rank, int type,
                            void** out);
typedef void* run(void* session, void* options, char* const* names, void* const* values, size_t count,
                  char* const* output_names, size_t output_count, void** output_values);
#define ORDER(form, place) ((form*)api[place])

struct type {
  int element;
  int64_t dims[4];
  size_t rank, elements;
};

static struct type type_of(enum place which, size_t index) {
  struct type t = {0, {0}, 0, 1};
  void *info = NULL, *tensor = NULL;
  check(ORDER(three_size, which)(session, index, &info));
  check(ORDER(two, TENSOR_INFO_OF_TYPE)(info, &tensor));
  check(ORDER(two, ELEMENT_TYPE)(tensor, &t.element));
  check(ORDER(two, DIMENSION_COUNT)(tensor, &t.rank));
  if (t.rank > 4) peer_fail("onnxruntime", "more than four dimensions");
  check(ORDER(dimensions, DIMENSIONS)(tensor, t.dims, t.rank));
  for (size_t i = 0; i < t.rank; ++i) t.elements *= (size_t)t.dims[i];
  return t;
}

static void* tensor_on(void* memory_info, const struct type* t, void* data) {
  void* value = NULL;
  const size_t bytes = t->elements * (t->element == ELEMENT_FLOAT ? sizeof(float) : 1);
  check(ORDER(create_tensor, CREATE_TENSOR)(memory_info, data, bytes, t->dims, t->rank, t->element, &value));
  return value;
}

static void load_library(void) {
  const char* path = getenv("ONNXRUNTIME_LIBRARY");
  void* library = dlopen(path == NULL ? "libonnxruntime.so.1" : path, RTLD_NOW);
  if (library == NULL) peer_fail("onnxruntime", dlerror());
  typedef const struct api_base* api_base_of(void);
  base = ((api_base_of*)dlsym(library, "OrtGetApiBase"))();
  api = base->api(API_VERSION);
}

void peer_open(const char* model, const void* input, size_t input_bytes, int threads) {
  void *env = NULL, *options = NULL, *allocator = NULL, *memory_info = NULL;
  load_library();
  check(ORDER(create_env, CREATE_ENV)(LOG_ERRORS, "bench", &env));
  check(ORDER(one, CREATE_SESSION_OPTIONS)(&options));
  check(ORDER(two_int, SET_GRAPH_OPTIMIZATION_LEVEL)(options, ALL_OPTIMIZATIONS));
  check(ORDER(two_int, SET_INTRA_OP_THREADS)(options, threads));
  check(ORDER(two_int, SET_INTER_OP_THREADS)(options, 1));
  check(ORDER(four, CREATE_SESSION)(env, model, options, &session));
  check(ORDER(one, DEFAULT_ALLOCATOR)(&allocator));
  check(ORDER(create_memory_info, CREATE_CPU_MEMORY_INFO)(1, 0, &memory_info));
  check(ORDER(four_size, INPUT_NAME)(session, 0, allocator, &names_in[0]));
  check(ORDER(two, OUTPUT_COUNT)(session, &outputs));
  if (outputs > MOST_OUTPUTS) peer_fail(model, "more outputs than two");

  const struct type in = type_of(INPUT_TYPE, 0);
  if (in.elements * (in.element == ELEMENT_FLOAT ? sizeof(float) : 1) != input_bytes) peer_fail(model, "another input");
  values_in[0] = tensor_on(memory_info, &in, (void*)(uintptr_t)input);
  for (size_t i = 0; i < outputs; ++i) {
    const struct type out = type_of(OUTPUT_TYPE, i);
    if (out.elements > PEER_MOST_OUTPUTS || (out.element == ELEMENT_FLOAT) != (i == 0))
      peer_fail(model, "other outputs");
    check(ORDER(four_size, OUTPUT_NAME)(session, i, allocator, &names_out[i]));
    values_out[i] = tensor_on(memory_info, &out, i == 0 ? (void*)answer.real : (void*)answer.codes);
    answer.are_unsigned = out.element == ELEMENT_UINT8;
    *(i == 0 ? &answer.reals : &answer.code_count) = out.elements;
  }
}

void peer_run(void) { check(ORDER(run, RUN)(session, NULL, names_in, values_in, 1, names_out, outputs, values_out)); }

void peer_read(struct peer_answer* a) {
  a->reals = (int)answer.reals, a->code_count = (int)answer.code_count;
  memcpy(a->real, answer.real, sizeof answer.real);
  for (int i = 0; i < a->code_count; ++i)
    a->codes[i] = answer.are_unsigned ? answer.codes[i] - 128 : (int8_t)answer.codes[i];
}

const char* peer_description(void) {
  static char text[64];
  snprintf(text, sizeof text, "ONNX Runtime %s", base->version());
  return text;
}
