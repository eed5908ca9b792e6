#include <csetjmp>
#include <cstdio>
// jpeglib.h needs <cstdio> before it.
#include <jerror.h>
#include <jpeglib.h>

#include <cstring>

#include "media/codecs.h"
#include "media/orientation.h"

namespace dimple::media {
namespace {

constexpr int kMaxScans = 100;  // a progressive file of a few kilobytes can ask for thousands of passes

// libjpeg reports by a jump. No function that is jumped out of may hold objects with destructors: the three steps below
// keep theirs outside, in JpegReader.
class JpegReader {
 public:
  explicit JpegReader(std::span<const uint8_t> bytes) : bytes_(bytes) {
    info_.err = jpeg_std_error(&errors_);
    errors_.error_exit = [](j_common_ptr info) { self(info).fail(info); };
    errors_.emit_message = [](j_common_ptr info, int level) { self(info).note(info, level); };
    errors_.output_message = [](j_common_ptr) {};
    progress_.progress_monitor = [](j_common_ptr info) {
      if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > kMaxScans) {
        std::strcpy(self(info).message_, "too many passes");
        std::longjmp(self(info).back_, 1);
      }
    };
    info_.client_data = this;
  }
  ~JpegReader() { jpeg_destroy_decompress(&info_); }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  bool read_header() {
    if (setjmp(back_)) return false;
    jpeg_create_decompress(&info_);
    info_.progress = &progress_;
    jpeg_mem_src(&info_, bytes_.data(), bytes_.size());
    jpeg_save_markers(&info_, JPEG_APP0 + 1, 0xFFFF);
    jpeg_read_header(&info_, TRUE);
    return true;
  }

  bool start() {
    if (setjmp(back_)) return false;
    const J_COLOR_SPACE space = info_.jpeg_color_space;
    info_.out_color_space = space == JCS_GRAYSCALE                   ? JCS_GRAYSCALE
                            : space == JCS_CMYK || space == JCS_YCCK ? JCS_CMYK
                                                                     : JCS_RGB;
    jpeg_start_decompress(&info_);
    return true;
  }

  bool read_rows(uint8_t* pixels) {
    if (setjmp(back_)) return false;
    const size_t row_bytes = size_t{info_.output_width} * info_.output_components;
    while (info_.output_scanline < info_.output_height) {
      JSAMPROW row = pixels + info_.output_scanline * row_bytes;
      jpeg_read_scanlines(&info_, &row, 1);
    }
    jpeg_finish_decompress(&info_);
    return true;
  }

  const jpeg_decompress_struct& info() const { return info_; }

  BadPicture failure() const {
    if (cut_short_) return {"the JPEG data is cut short", "copy or download the file again"};
    return {std::string("the JPEG data is damaged (") + message_ + ")", "copy or download the file again"};
  }

  int orientation() const {
    for (auto* marker = info_.marker_list; marker; marker = marker->next)
      if (marker->marker == JPEG_APP0 + 1 && marker->data_length > 6 && std::memcmp(marker->data, "Exif\0\0", 6) == 0)
        return exif_orientation({marker->data, marker->data_length});
    return 1;
  }

 private:
  static JpegReader& self(j_common_ptr info) { return *static_cast<JpegReader*>(info->client_data); }

  [[noreturn]] void fail(j_common_ptr info) {
    const int code = info->err->msg_code;
    cut_short_ = cut_short_ || code == JERR_INPUT_EOF || code == JERR_INPUT_EMPTY;
    (*info->err->format_message)(info, message_);
    std::longjmp(back_, 1);
  }

  // Warnings after which the picture is still whole pass; behind the others libjpeg fills in grey.
  void note(j_common_ptr info, int level) {
    if (level >= 0) return;
    const int code = info->err->msg_code;
    if (code == JWRN_EXTRANEOUS_DATA || code == JWRN_JFIF_MAJOR || code == JWRN_ADOBE_XFORM) return;
    cut_short_ = code == JWRN_JPEG_EOF;
    fail(info);
  }

  std::span<const uint8_t> bytes_;
  jpeg_decompress_struct info_{};
  jpeg_error_mgr errors_{};
  jpeg_progress_mgr progress_{};
  std::jmp_buf back_{};
  char message_[JMSG_LENGTH_MAX] = "";
  bool cut_short_ = false;
};

// Printers' files: Adobe stores the inks inverted, so that 255 is no ink.
void inks_to_rgb(Picture& cmyk, bool inverted) {
  const size_t count = size_t(cmyk.width) * cmyk.height;
  const uint8_t* in = cmyk.pixels.data();
  uint8_t* out = cmyk.pixels.data();
  for (size_t i = 0; i < count; ++i, in += 4, out += 3) {
    const int paper = inverted ? in[3] : 255 - in[3];
    for (int c = 0; c < 3; ++c) out[c] = static_cast<uint8_t>(((inverted ? in[c] : 255 - in[c]) * paper + 127) / 255);
  }
  cmyk.channels = 3;
  cmyk.pixels.resize(count * 3);
}

}  // namespace

Decoded decode_jpeg(std::span<const uint8_t> bytes, const DecodeLimits& limits) {
  JpegReader reader(bytes);
  if (!reader.read_header()) throw reader.failure();
  check_size(reader.info().image_width, reader.info().image_height, limits);
  const int orientation = reader.orientation();  // the markers are gone once the last row is read
  if (!reader.start()) throw reader.failure();
  Picture picture(static_cast<int>(reader.info().output_width), static_cast<int>(reader.info().output_height),
                  reader.info().output_components);
  if (!reader.read_rows(picture.pixels.data())) throw reader.failure();
  if (picture.channels == 4) inks_to_rgb(picture, reader.info().saw_Adobe_marker);
  return {std::move(picture), orientation};
}

}  // namespace dimple::media
