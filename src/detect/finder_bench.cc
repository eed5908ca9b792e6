// Measures the face finders on real pictures; writes the table of docs/results/face_finders.md and its JSON.
//
//   DIMPLE_DATA=<folder> detect_bench [--portraits-every 20] [--backgrounds <folder>] [--reference boxes.csv] [--out
//   name]
//
// Portraits (muxspace) have one dominant face each: exactly one box, of a size and at a place that a portrait's face
// can have, is a hit. Backgrounds have none: every box is false. FER2013's pictures, enlarged into a grey surround,
// tell how a finder's box lies against the framing that networks are trained on.
#include <archive.h>
#include <archive_entry.h>
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <functional>
#include <map>
#include <sstream>

#include "detect/finder.h"
#include "host/files.h"
#include "host/json.h"
#include "host/processor.h"
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
  archive_read_support_filter_xz(a);
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
  return side > 0.2 && side < 1.2 && x > 0.25 && x < 0.75 && y > 0.2 && y < 0.8;
}

struct Counted {
  int pictures = 0, hits = 0, misses = 0, several = 0, boxes = 0, odd = 0;
  double milliseconds = 0;  // of processor time, all threads together: steadier than the clock on a busy machine
};

Counted count(Finder& finder, const std::vector<Named>& pictures) {
  Counted c;
  for (const Named& n : pictures) {
    const std::clock_t begin = std::clock();
    const auto found = finder.find(n.picture);
    c.milliseconds += 1000.0 * double(std::clock() - begin) / CLOCKS_PER_SEC;
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

struct Flags {
  int every = 20;                    // of the portraits
  std::string backgrounds;           // a folder of pictures without faces
  std::string reference;             // csv file,x,y,width,height of faces in the group photos
  std::string print;                 // only print the table of this earlier .json
  std::string out = "face_finders";  // .md and .json
};

std::vector<Named> load_folder(const fs::path& folder) {
  std::vector<Named> out;
  if (folder.empty()) return out;
  for (const auto& path : host::list_files(folder))
    if (path.extension() == ".jpg" || path.extension() == ".png" || path.extension() == ".webp")
      out.push_back({path.filename().string(), media::load_picture(path)});
  return out;
}

// One row per measure, one column per finder.
std::string print_table(const host::Json& json) {
  struct Row {
    const char* what;
    const char* path;
  };
  static constexpr Row kRows[] = {
      {"behind it", "/library"},
      {"portraits: exactly one plausible box", "/portraits/one"},
      {"portraits: no box", "/portraits/none"},
      {"portraits: several boxes", "/portraits/several"},
      {"portraits: one box at an odd place", "/portraits/odd"},
      {"portraits: ms each", "/portraits/ms"},
      {"group photos: reference faces of 40 pixels or more", "/groups/large"},
      {"... of them found", "/groups/large_found"},
      {"group photos: smaller reference faces", "/groups/small"},
      {"... of them found", "/groups/small_found"},
      {"group photos: boxes that the reference has not", "/groups/extra"},
      {"group photos: ms each", "/groups/ms"},
      {"backgrounds: boxes in all of them (each false)", "/backgrounds/boxes"},
      {"backgrounds: ms each", "/backgrounds/ms"},
      {"FER2013: share with one box", "/fer2013/found"},
      {"FER2013: frame larger than the box by (mean)", "/fer2013/margin"},
      {"... quartiles apart", "/fer2013/margin_quartiles_apart"},
      {"FER2013: frame lower than the box by (mean)", "/fer2013/shift"},
      {"... quartiles apart", "/fer2013/shift_quartiles_apart"},
      {"FER2013: frame to the right by (mean)", "/fer2013/sideways"},
  };
  std::string text = "| |", line = "|---|";
  for (const auto& finder : json["finders"]) {
    text += fmt::format(" {} |", finder["name"].get<std::string>());
    line += "---|";
  }
  text += "\n" + line + "\n";
  for (const Row& row : kRows) {
    text += fmt::format("| {} |", row.what);
    for (const auto& finder : json["finders"]) {
      const auto& value = finder[host::Json::json_pointer(row.path)];
      text += fmt::format(" {} |", value.is_string() ? value.get<std::string>() : value.dump());
    }
    text += "\n";
  }
  return text;
}

double share(int part, int whole) { return whole ? std::round(1000.0 * part / whole) / 1000 : 0; }

int run(const Flags& flags) {
  if (!flags.print.empty()) {
    fmt::print("{}", print_table(host::parse_json(host::read_text(flags.print), flags.print)));
    return 0;
  }
  const char* data = std::getenv("DIMPLE_DATA");
  if (!data)
    throw host::Error(host::Exit::usage, "DIMPLE_DATA must name the folder with muxspace/, faces/ and fer2013/");
  const fs::path root = data;
  const auto portraits = load_portraits(root / "muxspace" / "muxspace192.tar", flags.every);
  const auto groups = load_folder(root / "faces" / "photos"), backgrounds = load_folder(flags.backgrounds);
  const auto faces = load_fer2013(root / "fer2013" / "fer2013.csv.xz", 500, 11);
  const Reference reference = flags.reference.empty() ? Reference{} : load_reference(flags.reference);

  host::Json json = {{"processor", host::processor_name()},   {"compiler", std::string("g++ ") + __VERSION__},
                     {"ms", "processor time of all threads"}, {"portraits", portraits.size()},
                     {"group_photos", groups.size()},         {"backgrounds", backgrounds.size()},
                     {"fer2013_faces", faces.size()},         {"finders", host::Json::array()}};
  for (const char* name : kFinderNames) {
    const auto finder = make_finder({.name = name});
    const Counted p = count(*finder, portraits), g = count(*finder, groups), b = count(*finder, backgrounds);
    const Matched m = match(*finder, groups, reference, 40);
    const FramingFound f = measure_framing(*finder, faces);
    const auto each = [](const Counted& c) { return std::round(10 * c.milliseconds / std::max(1, c.pictures)) / 10; };
    const auto thousandths = [](double v) { return std::round(v * 1000) / 1000; };
    json["finders"].push_back({{"name", name},
                               {"library", finder->describe()},
                               {"portraits",
                                {{"one", share(p.hits, p.pictures)},
                                 {"none", share(p.misses, p.pictures)},
                                 {"several", share(p.several, p.pictures)},
                                 {"odd", share(p.odd, p.pictures)},
                                 {"ms", each(p)}}},
                               {"groups",
                                {{"boxes", g.boxes},
                                 {"large", m.large},
                                 {"large_found", m.large_found},
                                 {"small", m.small},
                                 {"small_found", m.small_found},
                                 {"extra", m.extra},
                                 {"ms", each(g)}}},
                               {"backgrounds", {{"boxes", b.boxes}, {"ms", each(b)}}},
                               {"fer2013",
                                {{"found", share(f.found, f.tried)},
                                 {"margin", thousandths(f.margin)},
                                 {"margin_quartiles_apart", thousandths(f.margin_spread)},
                                 {"shift", thousandths(f.shift)},
                                 {"shift_quartiles_apart", thousandths(f.shift_spread)},
                                 {"sideways", thousandths(f.side_shift)}}}});
    fmt::print("{}\n", json["finders"].back().dump());
    std::fflush(stdout);
  }
  host::write_atomic(flags.out + ".json", json.dump(2) + "\n");
  host::write_atomic(flags.out + ".md", print_table(json));
  return 0;
}

}  // namespace
}  // namespace dimple::detect

int main(int argc, char** argv) {
  dimple::detect::Flags flags;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string flag = argv[i];
    if (flag == "--portraits-every") flags.every = std::max(1, std::atoi(argv[i + 1]));
    if (flag == "--backgrounds") flags.backgrounds = argv[i + 1];
    if (flag == "--reference") flags.reference = argv[i + 1];
    if (flag == "--print") flags.print = argv[i + 1];
    if (flag == "--out") flags.out = argv[i + 1];
  }
  try {
    return dimple::detect::run(flags);
  } catch (const dimple::host::Error& e) {
    fmt::print(stderr, "{}\n", e.what());
    return static_cast<int>(e.exit());
  }
}
