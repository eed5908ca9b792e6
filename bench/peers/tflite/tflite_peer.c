/* TensorFlow Lite with its XNNPACK delegate, through the C interface that its package carries. */
#include "tensorflow/lite/c/c_api.h"

#include "../peer.h"

/* The delegate's header is not in the package. These are its options in version 2.9: eight bytes, handed by value. */
typedef struct {
  int32_t threads;
  uint32_t flags;
} xnnpack_options;
enum { SIGNED_INT8 = 1, UNSIGNED_INT8 = 2 };
extern TfLiteDelegate* TfLiteXNNPackDelegateCreate(const xnnpack_options* options);

static TfLiteInterpreter* interpreter;
static const void* picture;
static size_t picture_bytes;
static float answer[PEER_MOST_OUTPUTS];
static const TfLiteTensor* output;

static void check(TfLiteStatus status) {
  if (status != kTfLiteOk) peer_fail("tflite", "an order failed");
}

void peer_open(const char* model, const void* input, size_t input_bytes, int threads) {
  const xnnpack_options options = {threads, SIGNED_INT8 | UNSIGNED_INT8};
  TfLiteModel* file = TfLiteModelCreateFromFile(model);
  if (file == NULL) peer_fail(model, "no model");
  TfLiteInterpreterOptions* how = TfLiteInterpreterOptionsCreate();
  TfLiteInterpreterOptionsSetNumThreads(how, threads);
  TfLiteInterpreterOptionsAddDelegate(how, TfLiteXNNPackDelegateCreate(&options));
  interpreter = TfLiteInterpreterCreate(file, how);
  if (interpreter == NULL) peer_fail(model, "cannot be prepared");
  check(TfLiteInterpreterAllocateTensors(interpreter));
  picture = input, picture_bytes = input_bytes;
  output = TfLiteInterpreterGetOutputTensor(interpreter, 0);
  if (TfLiteTensorByteSize(output) > sizeof answer) peer_fail(model, "too many outputs");
}

void peer_run(void) {
  check(TfLiteTensorCopyFromBuffer(TfLiteInterpreterGetInputTensor(interpreter, 0), picture, picture_bytes));
  check(TfLiteInterpreterInvoke(interpreter));
  check(TfLiteTensorCopyToBuffer(output, answer, TfLiteTensorByteSize(output)));
}

void peer_read(struct peer_answer* a) {
  a->reals = (int)(TfLiteTensorByteSize(output) / sizeof(float));
  memcpy(a->real, answer, TfLiteTensorByteSize(output));
  if (TfLiteInterpreterGetOutputTensorCount(interpreter) < 2) return;
  const TfLiteTensor* codes = TfLiteInterpreterGetOutputTensor(interpreter, 1);
  a->code_count = (int)TfLiteTensorByteSize(codes);
  for (int i = 0; i < a->code_count; ++i) a->codes[i] = ((const int8_t*)TfLiteTensorData(codes))[i];
}

const char* peer_description(void) {
  static char text[64];
  snprintf(text, sizeof text, "TensorFlow Lite %s, XNNPACK", TfLiteVersion());
  return text;
}
