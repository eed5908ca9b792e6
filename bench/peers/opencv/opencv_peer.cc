// OpenCV's DNN module, on the ONNX model.
#include <opencv2/core.hpp>
#include <opencv2/dnn.hpp>

#include "../peer.h"

namespace {

cv::dnn::Net net;
cv::Mat picture, answer;

}  // namespace

// The module does not tell what a model reads, so the runner does.
void peer_open(const char* model, const void* input, size_t input_bytes, int threads) {
  int height = 0, width = 0, channels = 0;
  const char* shape = getenv("BENCH_INPUT");
  if (shape == nullptr || sscanf(shape, "%dx%dx%d", &height, &width, &channels) != 3)
    peer_fail("BENCH_INPUT", "is HEIGHTxWIDTHxCHANNELS");
  cv::setNumThreads(threads);
  net = cv::dnn::readNetFromONNX(model);
  net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
  picture = cv::Mat({1, channels, height, width}, CV_32F, const_cast<void*>(input));
  if (picture.total() * sizeof(float) != input_bytes) peer_fail(model, "another input");
}

void peer_run() {
  net.setInput(picture);
  net.forward(answer);
}

void peer_read(peer_answer* a) {
  a->reals = static_cast<int>(answer.total());
  std::memcpy(a->real, answer.ptr<float>(), answer.total() * sizeof(float));
}

const char* peer_description() { return "OpenCV DNN " CV_VERSION; }
