// Measures the face finders on real pictures and prints the table of docs/results/face_finders.md.
//
//   DIMPLE_DATA=<folder> detect_bench [--portraits-every N] [--backgrounds <folder>] [--finders a,b] [--json out.json]
//
// Portraits (muxspace) have one dominant face each: exactly one box, of a size and at a place that a portrait's face
// can have, is a hit. Backgrounds have none: every box is false. FER2013's pictures, enlarged into a grey surround,
// tell how a finder's box lies against the framing that networks are trained on.
#include <archive.h>
#include <archive_entry.h>
#include <fmt/core.h>
#include <sys/utsname.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <map>
#include <sstream>

#include "detect/finder.h"
#include "host/files.h"
#include "host/json.h"
#include "image/resize.h"
#include "media/decode.h"

namespace dimple::detect {
namespace {

namespace fs = std::filesystem;
using media::Picture;

struct Named {
  std::string name;
  Picture picture;
};
using Visit = std::function<void(const Named&)>;

// The files of a tar, or the one stream of an .xz.
void read_archive(const fs::path& path, const std::function<bool(archive*, archive_entry*)>& take) {
  archive* a = archive_read_new();
  archive_read_support_filter_all(a);
  archive_read_support_format_tar(a);
  archive_read_support_format_raw(a);
  if (archive_read_open_filename(a, path.c_str(), 1 << 16) != ARCHIVE_OK)
    throw host::Error(host::Exit::input, "cannot read " + path.string());
  archive_entry* entry = nullptr;
  while (archive_read_next_header(a, &entry) == ARCHIVE_OK && take(a, entry)) {
  }
  archive_read_free(a);
}

std::vector<uint8_t> read_all(archive* a) {
  std::vector<uint8_t> bytes, chunk(1 << 16);
  for (la_ssize_t n; (n = archive_read_data(a, chunk.data(), chunk.size())) > 0;)
    bytes.insert(bytes.end(), chunk.begin(), chunk.begin() + n);
  return bytes;
}

std::vector<Named> load_portraits(const fs::path& tar, int every) {
  std::vector<Named> out;
  int index = 0;
  read_archive(tar, [&](archive* a, archive_entry* entry) {
    const std::string name = archive_entry_pathname(entry);
    if (name.ends_with(".jpg") && index++ % every == 0) out.push_back({name, media::decode(read_all(a), name)});
    return true;
  });
  return out;
}

std::vector<Picture> load_fer2013(const fs::path& csv, size_t most, size_t every) {
  std::vector<Picture> out;
  read_archive(csv, [&](archive* a, archive_entry*) {
    std::string text;
    std::vector<char> chunk(1 << 20);
    for (la_ssize_t n; text.size() < most * every * 9000 && (n = archive_read_data(a, chunk.data(), chunk.size())) > 0;)
      text.append(chunk.data(), size_t(n));
    std::istringstream lines(text);
    std::string line;
    std::getline(lines, line);
    for (size_t row = 0; out.size() < most && std::getline(lines, line); ++row) {
      if (row % every) continue;
      std::istringstream pixels(line.substr(line.find(',') + 1));
      Picture face(48, 48, 1);
      for (auto& p : face.pixels) {
        int value = 0;
        pixels >> value;
        p = uint8_t(value);
      }
      out.push_back(std::move(face));
    }
    return false;
  });
  return out;
}

bool plausible(const image::Box& box, const Picture& in) {
  const double side = double(box.height) / std::min(in.width, in.height);
  const double x = (box.x + box.width / 2.0) / in.width, y = (box.y + box.height / 2.0) / in.height;
  return side > 0.2 && side < 1.05 && x > 0.25 && x < 0.75 && y > 0.2 && y < 0.8;
}

struct Counted {
  int pictures = 0, hits = 0, misses = 0, several = 0, boxes = 0, odd = 0;
  double milliseconds = 0;
};

Counted count(Finder& finder, const std::vector<Named>& pictures) {
  Counted c;
  for (const Named& n : pictures) {
    const auto begin = std::chrono::steady_clock::now();
    const auto found = finder.find(n.picture);
    c.milliseconds += std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    ++c.pictures;
    c.boxes += int(found.size());
    const bool good = found.size() == 1 && plausible(found[0].box, n.picture);
    c.hits += good;
    c.misses += found.empty();
    c.several += found.size() > 1;
    c.odd += found.size() == 1 && !good;
  }
  return c;
}

double spread(std::vector<double> v) {  // between the quartiles
  std::sort(v.begin(), v.end());
  return v.empty() ? 0 : v[v.size() * 3 / 4] - v[v.size() / 4];
}

struct FramingFound {
  int tried = 0, found = 0;
  double margin = 0, shift = 0, side_shift = 0, margin_spread = 0, shift_spread = 0;
};

double mean(const std::vector<double>& v) {
  double sum = 0;
  for (const double x : v) sum += x;
  return v.empty() ? 0 : sum / double(v.size());
}

// Each 48x48 face is enlarged to some size between 96 and 288 and lies somewhere in a larger picture that repeats its
// border: finders' boxes come in steps, and a spread of sizes and places averages the steps out.
FramingFound measure_framing(Finder& finder, const std::vector<Picture>& faces) {
  std::vector<double> margin, shift, aside;
  FramingFound f;
  uint32_t state = 1;
  const auto draw = [&](int below) { return int((state = state * 1664525 + 1013904223) >> 8) % below; };
  for (const Picture& face : faces) {
    const int side = 96 + draw(193), left = side / 2 + draw(side / 2), top = side / 2 + draw(side / 2);
    Picture canvas(2 * side + side / 2, 2 * side + side / 2, 1);
    const auto source = [&](int pixels) { return int(std::lround(pixels * 48.0 / side)); };
    const image::Box around{-source(left), -source(top), source(canvas.width), source(canvas.height)};
    if (image::resize(face.view(), around, canvas.view()) != Status::ok) continue;
    // Where the face came to lie, after rounding to its own pixels.
    const double scale = double(canvas.width) / around.width, x = -around.x * scale, y = -around.y * scale,
                 size = 48 * scale;
    ++f.tried;
    const auto found = finder.find(canvas);
    if (found.size() != 1) continue;
    ++f.found;
    const image::Box& b = found[0].box;
    margin.push_back(std::log(size / b.height));
    shift.push_back((y + size / 2 - (b.y + b.height / 2.0)) / b.height);
    aside.push_back((x + size / 2 - (b.x + b.width / 2.0)) / b.width);
  }
  f.margin = std::exp(mean(margin)) - 1;
  f.shift = mean(shift);
  f.side_shift = mean(aside);
  f.margin_spread = spread(margin);
  f.shift_spread = spread(shift);
  return f;
}

struct Reference {
  std::map<std::string, std::vector<image::Box>> boxes;  // by file name
};

Reference load_reference(const fs::path& csv) {  // file,x,y,width,height,...
  Reference r;
  std::istringstream lines(host::read_text(csv));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string name, x, y, w, h;
    std::getline(fields, name, ','), std::getline(fields, x, ','), std::getline(fields, y, ',');
    std::getline(fields, w, ','), std::getline(fields, h, ',');
    const auto whole = [](const std::string& v) { return int(std::lround(std::stod(v))); };
    r.boxes[fs::path(name).filename().string()].push_back({whole(x), whole(y), whole(w), whole(h)});
  }
  return r;
}

// Conventions differ between finders: the same face when the centres are near and the sizes alike.
bool same_face(const image::Box& found, const image::Box& truth) {
  const double dx = found.x + found.width / 2.0 - (truth.x + truth.width / 2.0);
  const double dy = found.y + found.height / 2.0 - (truth.y + truth.height / 2.0);
  const double ratio = double(found.height) / truth.height;
  return std::hypot(dx, dy) < 0.45 * truth.height && ratio > 0.45 && ratio < 2.0;
}

struct Matched {
  int large = 0, large_found = 0, small = 0, small_found = 0, extra = 0;
};

Matched match(Finder& finder, const std::vector<Named>& pictures, const Reference& reference, int large_from) {
  Matched m;
  for (const Named& n : pictures) {
    auto found = finder.find(n.picture);
    const auto it = reference.boxes.find(fs::path(n.name).filename().string());
    const auto truth = it == reference.boxes.end() ? std::vector<image::Box>{} : it->second;
    for (const image::Box& t : truth) {
      const auto hit = std::find_if(found.begin(), found.end(), [&](const Found& f) { return same_face(f.box, t); });
      const bool large = t.height >= large_from;
      (large ? m.large : m.small) += 1;
      if (hit == found.end()) continue;
      (large ? m.large_found : m.small_found) += 1;
      found.erase(hit);
    }
    m.extra += int(found.size());
  }
  return m;
}

struct Trial {
  std::string finder;
  SearchSize size;
  float min_score;
};

std::string processor() {
  std::istringstream cpu(host::read_text("/proc/cpuinfo"));
  for (std::string line; std::getline(cpu, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "unknown processor";
}

int run(const std::map<std::string, std::string>& flags) {
  const auto flag = [&](const char* name, const std::string& otherwise) {
    const auto it = flags.find(name);
    return it == flags.end() ? otherwise : it->second;
  };
  const char* data = std::getenv("DIMPLE_DATA");
  if (!data)
    throw host::Error(host::Exit::usage, "DIMPLE_DATA must name the folder with muxspace/, faces/ and fer2013/");
  const fs::path root = data;
  const int every = std::stoi(flag("--portraits-every", "10"));
  const auto portraits = load_portraits(root / "muxspace" / "muxspace192.tar", every);
  std::vector<Named> groups, backgrounds;
  for (const auto& path : host::list_files(root / "faces" / "photos"))
    if (path.extension() == ".jpg") groups.push_back({path.filename().string(), media::load_picture(path)});
  const std::string background_folder = flag("--backgrounds", "");
  if (!background_folder.empty())
    for (const auto& path : host::list_files(background_folder)) {
      try {
        Picture p = media::load_picture(path, {.max_pixels = 20'000'000});
        if (std::min(p.width, p.height) >= 400) backgrounds.push_back({path.string(), std::move(p)});
      } catch (const host::Error&) {
      }
    }
  const auto faces = load_fer2013(root / "fer2013" / "fer2013.csv.xz", 1000, 7);

  std::vector<Trial> trials;
  if (const std::string named = flag("--trial", ""); !named.empty()) {  // finder/longer/grow/times/min_score;...
    std::istringstream list(named);
    for (std::string one; std::getline(list, one, ';');) {
      std::istringstream parts(one);
      std::string name, a, b, c, d;
      std::getline(parts, name, '/'), std::getline(parts, a, '/'), std::getline(parts, b, '/'),
          std::getline(parts, c, '/');
      std::getline(parts, d, '/');
      std::string e;
      std::getline(parts, e, '/');
      trials.push_back({name, {std::stoi(a), std::stoi(b), std::stoi(c), std::stoi(d)}, std::stof(e)});
    }
  }
  fmt::print("{} | portraits {} | groups {} | backgrounds {} | fer {}\n", processor(), portraits.size(), groups.size(),
             backgrounds.size(), faces.size());
  const std::string reference_file = flag("--reference", "");
  const Reference reference = reference_file.empty() ? Reference{} : load_reference(reference_file);
  for (const Trial& t : trials) {
    const auto finder = make_finder({.name = t.finder, .size = t.size, .min_score = t.min_score});
    const Counted p = count(*finder, portraits), g = count(*finder, groups), b = count(*finder, backgrounds);
    const Matched m = match(*finder, groups, reference, 40);
    const FramingFound f = measure_framing(*finder, faces);
    fmt::print(
        "{} {}/{}/{}/{} {}: one {:.3f} none {:.3f} several {:.3f} odd {:.3f} {:.1f} ms | groups {} ({}/{} large, {}/{} "
        "small, {} extra) {:.0f} ms | false {} in {} {:.0f} ms | "
        "fer {:.3f} margin {:.3f}+-{:.3f} shift {:.3f}+-{:.3f} aside {:.3f}\n",
        t.finder, t.size.longer_side, t.size.grow_to, t.size.most_growth, t.size.pad_permille, t.min_score,
        double(p.hits) / p.pictures, double(p.misses) / p.pictures, double(p.several) / p.pictures,
        double(p.odd) / p.pictures, p.milliseconds / p.pictures, g.boxes, m.large_found, m.large, m.small_found,
        m.small, m.extra, g.milliseconds / std::max(1, g.pictures), b.boxes, b.pictures,
        b.milliseconds / std::max(1, b.pictures), double(f.found) / std::max(1, f.tried), f.margin, f.margin_spread,
        f.shift, f.shift_spread, f.side_shift);
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace
}  // namespace dimple::detect

int main(int argc, char** argv) {
  std::map<std::string, std::string> flags;
  for (int i = 1; i + 1 < argc; i += 2) flags[argv[i]] = argv[i + 1];
  try {
    return dimple::detect::run(flags);
  } catch (const dimple::host::Error& e) {
    fmt::print(stderr, "{}\n", e.what());
    return static_cast<int>(e.exit());
  }
}
