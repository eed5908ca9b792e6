#include <csetjmp>
#include <cstdio>
// jpeglib.h needs <cstdio> before it.
#include <jerror.h>
#include <jpeglib.h>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "media/codecs.h"
#include "media/orientation.h"

namespace dimple::media {
namespace {

// A file of a few kilobytes can ask for thousands of scans, each of which visits every pixel. Browsers stop at 100, and
// a large picture has to do with fewer.
constexpr int kMaxScans = 100, kMinScans = 16;

int most_scans(int64_t pixels, const DecodeLimits& limits) {
  return static_cast<int>(std::clamp<int64_t>(limits.max_visits / pixels, kMinScans, kMaxScans));
}

// libjpeg reports by a jump. No function that is jumped out of may hold objects with destructors: the three steps below
// keep theirs outside, in JpegReader.
class JpegReader {
 public:
  JpegReader(std::span<const uint8_t> bytes, const DecodeLimits& limits) : bytes_(bytes), limits_(limits) {
    info_.err = jpeg_std_error(&errors_);
    errors_.error_exit = [](j_common_ptr info) { self(info).fail(info); };
    errors_.emit_message = [](j_common_ptr info, int level) { self(info).note(info, level); };
    errors_.output_message = [](j_common_ptr) {};
    progress_.progress_monitor = [](j_common_ptr info) {
      JpegReader& reader = self(info);
      if (reader.info_.input_scan_number <= reader.max_scans_) return;
      reader.too_many_scans_ = true;
      std::longjmp(reader.back_, 1);
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
    jpeg_read_header(&info_, TRUE);
    return true;
  }

  bool start() {
    if (setjmp(back_)) return false;
    max_scans_ = most_scans(int64_t{info_.image_width} * info_.image_height, limits_);
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
    if (errors_.msg_code == JERR_OUT_OF_MEMORY) throw std::bad_alloc();
    if (too_many_scans_)
      return {fmt::format("its JPEG data are in more than {} scans, the limit for {}x{} pixels", max_scans_,
                          info_.image_width, info_.image_height),
              "save it again as a plain JPEG"};
    if (cut_short_) return {"the JPEG data is cut short", "copy or download the file again"};
    return {std::string("the JPEG data is damaged (") + message_ + ")", "copy or download the file again"};
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
  const DecodeLimits& limits_;
  int max_scans_ = kMaxScans;
  jpeg_decompress_struct info_{};
  jpeg_error_mgr errors_{};
  jpeg_progress_mgr progress_{};
  std::jmp_buf back_{};
  char message_[JMSG_LENGTH_MAX] = "";
  bool cut_short_ = false, too_many_scans_ = false;
};

// The first EXIF segment in front of the picture's data. Not left to libjpeg: it would keep every APP1 segment there
// is, in a list that it walks through to add one.
int jpeg_orientation(std::span<const uint8_t> bytes) {
  constexpr std::string_view kExif("Exif\0\0", 6);
  constexpr uint8_t kExifSegment = JPEG_APP0 + 1, kScan = 0xDA;
  for (size_t at = 2; at + 4 <= bytes.size();) {
    const uint8_t marker = bytes[at + 1];
    if (bytes[at] != 0xFF || marker == 0xFF) {  // filling
      ++at;
      continue;
    }
    const size_t length = size_t{bytes[at + 2]} << 8 | bytes[at + 3];
    if (marker == kScan || length < 2 || length > bytes.size() - at - 2) return 1;
    const auto content = bytes.subspan(at + 4, length - 2);
    if (marker == kExifSegment && content.size() > kExif.size() &&
        std::equal(kExif.begin(), kExif.end(), content.begin()))
      return exif_orientation(content);
    at += 2 + length;
  }
  return 1;
}

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
  JpegReader reader(bytes, limits);
  if (!reader.read_header()) throw reader.failure();
  check_size(reader.info().image_width, reader.info().image_height, limits);
  if (!reader.start()) throw reader.failure();
  Picture picture(static_cast<int>(reader.info().output_width), static_cast<int>(reader.info().output_height),
                  reader.info().output_components);
  if (!reader.read_rows(picture.pixels.data())) throw reader.failure();
  if (picture.channels == 4) inks_to_rgb(picture, reader.info().saw_Adobe_marker);
  return {std::move(picture), jpeg_orientation(bytes)};
}

}  // namespace dimple::media
