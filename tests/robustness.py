#!/usr/bin/env python3
"""What hostile files and a failing machine do to the program: tried, right, wrong.

    tests/robustness.py BUILD                 a folder with the program, its tests and, beside it, the fuzzers (build/ci)
    tests/robustness.py BUILD --results       the same, written to docs/results/robustness.json and its page
    tests/robustness.py BUILD --files 20 --no-tests
    tests/robustness.py BUILD --every-allocation val predict      of these verbs, to the page as well; minutes to hours each

Files: sound ones (the seeds of the fuzzers, and what the program itself writes) are damaged, each in another way, and
given to the verb that reads them. Right is: the program ends by itself within a minute with an exit code that is
documented, says one sentence when it refuses, and does not call it its own fault. The damage follows from --seed alone.
Machine: the tests that count what they try (tests/robustness.h) are run, and what they count is added up.
"""
import argparse
import concurrent.futures
import io
import json
import os
import pathlib
import random
import re
import struct
import subprocess
import sys
import tarfile
import tempfile
import xml.etree.ElementTree as xml
import zipfile
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/results/robustness.md"
FIGURES = ROOT / "docs/results/robustness.json"
DOCUMENTED = {0, 1, 2, 3, 4, 5, 6, 7}


def damage(random_, sound, others):
    """One sound file, changed: bits, lengths, parts of others, a cut, more of it."""
    data = bytearray(sound)
    for _ in range(random_.choice([1, 1, 1, 1, 2, 4])):
        at = random_.randrange(len(data)) if data else 0
        kind = random_.choice([0, 0, 0, 0, 1, 2, 2, 3, 4, 5, 6])
        if kind == 0:
            data[at:at + 1] = bytes([data[at] ^ 1 << random_.randrange(8)]) if data else b"\0"
        elif kind == 1:
            del data[at:]
        elif kind == 2:
            data[at:at + 4] = struct.pack("<I", random_.choice([0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF0, 65535]))
        elif kind == 3:
            del data[at:at + random_.randrange(1, 64)]
        elif kind == 4:
            data[at:at] = data[at:at + random_.randrange(1, 256)] * random_.choice([1, 2, 50])
        elif kind == 5:
            other = random_.choice(others)
            data[at:] = other[random_.randrange(len(other) + 1):]
        else:
            data[at:at] = random_.randbytes(random_.randrange(1, 32))
    return bytes(data)


def seal_program(data):
    """A program's length and checksum made right, so that the change gets past the door."""
    if len(data) < 112:
        return data
    data = bytearray(data)
    data[8:12] = struct.pack("<I", len(data))
    data[12:16] = struct.pack("<I", zlib.crc32(bytes(data[16:])))
    return bytes(data)


def seal_cache(data):
    body = bytes(data[24:])
    return b"DMPLDATA" + struct.pack("<IIQ", 3, zlib.crc32(body), len(body)) + body


class Class:
    """A kind of file: sound ones of it, where one is put, and the verb that reads it."""

    def __init__(self, what, sound, words, name, also=(), seal=None):
        self.what, self.sound, self.words, self.name, self.also, self.seal = what, sound, words, name, also, seal


def classes(dimple, stage, seeds):
    def run(*words):
        subprocess.run([dimple, *words], cwd=stage, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def of(name, begins=b""):
        found = [p.read_bytes() for p in sorted((seeds / name).iterdir())]
        return [data for data in found if data.startswith(begins)]

    run("export", "dimple-nano", "--format", "program", "--format", "safetensors", "--out", "sound")
    program = next((stage / "sound").glob("*.dimple")).read_bytes()
    safetensors = next((stage / "sound").glob("*.safetensors")).read_bytes()
    pictures = of("decode")
    png = [p for p in pictures if p.startswith(b"\x89PNG")]
    jpeg = [p for p in pictures if p.startswith(b"\xff\xd8")]
    webp = [p for p in pictures if p.startswith(b"RIFF")]
    face = stage / "face.png"
    face.write_bytes(png[0])
    archives = []
    for how in ("", "gz", "bz2", "xz"):
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode=f"w:{how}") as tar:
            for folder in ("happy", "sad"):
                tar.add(face, f"set/{folder}/1.png")
        archives.append(packed.getvalue())
    for how in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", how) as archive:
            for folder in ("happy", "sad"):
                archive.write(face, f"set/{folder}/1.png")
        archives.append(packed.getvalue())
    predict = ["predict", "--no-save", "--no-detect"]
    check = ["data", "check", "--no-save"]
    settings = b"min_score = 0.5\n[predict]\nmin_face = 20\nfinder = 'auto'\n"
    session, consent = of("session")[0].split(b"\0")
    caches = [seal_cache(bytes(24) + data) for data in of("cache")]
    split = b"key,subject,label,split\nhappy/a.png,p1,happy,train\nsad/b.png,p2,sad,test\n"
    return [
        Class("PNG", png, [*predict, "x.png"], "x.png"),
        Class("JPEG", jpeg, [*predict, "x.jpg"], "x.jpg"),
        Class("WebP", webp, [*predict, "x.webp"], "x.webp"),
        Class("picture on standard input", pictures, [*predict, "-"], "<"),
        Class("pictures of a data set", pictures, [*check, "--faces", "whole", "set"], "set/happy/x.png",
              also=[("set/happy/a.png", png[0]), ("set/sad/b.png", png[1])]),
        Class("program", [program], [*predict, "--model", "x.dimple", str(face)], "x.dimple"),
        Class("program, its checksum made right", [program],
              [*predict, "--model", "x.dimple", str(face)], "x.dimple", seal=seal_program),
        Class("safetensors", [safetensors], [*predict, "--model", "x.safetensors", str(face)],
              "x.safetensors"),
        Class("list of pictures", [b"path\n" + str(face).encode() + b"\n"], [*predict, "x.csv"], "x.csv"),
        Class("settings (TOML)", [settings], [*predict, "--config", "x.toml", str(face)], "x.toml"),
        Class("FER2013 csv", of("fer2013"), [*check, "fer2013.csv"], "fer2013.csv"),
        Class("table of a set", of("table"), [*check, "set"], "set/labels.csv",
              also=[("set/a.png", png[0]), ("set/b,c.png", png[1])]),
        Class("split file", [split], [*check, "--faces", "whole", "set", "--split-file", "x.csv"], "x.csv",
              also=[("set/happy/a.png", png[0]), ("set/sad/b.png", png[1])]),
        Class("tar and zip, packed", archives, [*check, "--faces", "whole", "x.tar"], "x.tar"),
        Class("tensor cache", caches, [*check, "x.dimpledata"], "x.dimpledata"),
        Class("tensor cache, its checksum made right", caches, [*check, "x.dimpledata"], "x.dimpledata", seal=seal_cache),
        Class("session of a game", [session.replace(b"../b.png", b"b.png")], [*check, "--faces", "whole", "game"],
              "game/session.json",
              also=[("game/consent.json", consent), ("game/a.png", png[0]), ("game/b.png", png[1])]),
        Class("TIFF of JAFFE", of("plain_tiff"), [*check, "--faces", "whole", "--importer", "jaffe", "jaffe"],
              "jaffe/KA.HA1.29.tiff", also=[("jaffe/KA.SA1.33.tiff", of("plain_tiff")[0])]),
        Class("numpy numbers of AffectNet", of("npy"), [*check, "--importer", "affectnet", "affectnet"],
              "affectnet/train_set/annotations/0_exp.npy",
              also=[("affectnet/train_set/images/0.jpg", jpeg[0]), ("affectnet/train_set/images/1.jpg", jpeg[0]),
                    ("affectnet/train_set/annotations/1_exp.npy", of("npy")[2])]),
    ]


def try_one(dimple, cls, data):
    """'' or what was wrong; and the exit code."""
    with tempfile.TemporaryDirectory(prefix="dimple-hostile-") as folder:
        folder = pathlib.Path(folder)
        for name, content in [*cls.also, *([] if cls.name == "<" else [(cls.name, data)])]:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        try:
            ended = subprocess.run([dimple, *cls.words], cwd=folder, input=data if cls.name == "<" else b"",
                                   capture_output=True, timeout=60)
        except subprocess.TimeoutExpired:
            return "took more than a minute", None
        said = ended.stdout.decode(errors="replace") + ended.stderr.decode(errors="replace")
        if ended.returncode not in DOCUMENTED:
            return f"ended with {ended.returncode}", ended.returncode
        if "should not have happened" in said or "Sanitizer" in said:
            return "calls it its own fault", ended.returncode
        if ended.returncode and not said.strip():
            return "refused without a word", ended.returncode
        if {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} != before:
            return "changed a file", ended.returncode
        return "", ended.returncode


def try_files(dimple, seeds, options):
    rows = []
    with tempfile.TemporaryDirectory(prefix="dimple-sound-") as stage:
        for cls in classes(dimple, pathlib.Path(stage), seeds):
            random_ = random.Random(f"{options.seed} {cls.what}")
            seal = cls.seal or (lambda data: data)
            if (answer := try_one(dimple, cls, seal(cls.sound[0]))) != ("", 0):
                sys.exit(f"{cls.what}: a sound one is not read: {answer}")
            inputs = [seal(damage(random_, random_.choice(cls.sound), cls.sound)) for _ in range(options.files)]
            with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
                answers = list(pool.map(lambda data: try_one(dimple, cls, data), inputs))
            exits = {}
            for number, (wrong, exit_code) in enumerate(answers):
                exits[str(exit_code)] = exits.get(str(exit_code), 0) + 1
                if wrong:
                    kept = ROOT / "build/hostile" / f"{cls.name.replace('/', '_')}.{number}"
                    kept.parent.mkdir(parents=True, exist_ok=True)
                    kept.write_bytes(inputs[number])
                    print(f"  {cls.what}: {wrong}: {kept}", flush=True)
            wrong = sum(1 for answer in answers if answer[0])
            rows.append({"what": cls.what, "tried": len(answers), "wrong": wrong, "exits": dict(sorted(exits.items()))})
            tell(rows[-1])
    return rows


# What tests try once each: what it is, and the tests.
COUNTED = [
    ("work is bounded: two sizes of a hostile file, and how work grows", "*TakesTime*:*InTimeBy*:*GrowsBy*"),
    ("more than a limit allows: refused by its name", "*OnlySoMany*:*OnlySoDeep*:*RefusesMoreThan*:*FarTooMuch*:*AreRefused"),
    ("a file that begins as another program's archive starts none", "*NoFileStartsAProgram*"),
    ("a decoder that crashes, hangs, asks for more or lies", "Cage*:Crew*"),
]


def run_tests(build):
    """Those that say how much they tried, by what they say; and those of COUNTED."""
    rows = {}

    def add(what, tried, wrong):
        row = rows.setdefault(what, {"what": what, "tried": 0, "wrong": 0})
        row["tried"] += tried
        row["wrong"] += wrong

    with tempfile.TemporaryDirectory(prefix="dimple-tests-") as folder:
        folder = pathlib.Path(folder)

        def run(program, *options):
            report = folder / "report.xml"
            report.unlink(missing_ok=True)
            subprocess.run([program, f"--gtest_output=xml:{report}", *options], cwd=folder, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, env=os.environ | {"DIMPLE_ROBUSTNESS_OUT": str(folder / "tried.csv")})
            return list(xml.parse(report).iter("testcase")) if report.exists() else None

        for name in ("edges", "faults", "train_faults"):
            program = next(build.rglob(f"{name}_tests"), None)
            if not program:
                continue
            (folder / "tried.csv").unlink(missing_ok=True)
            if run(program) is None:
                add(f"{name}_tests ends by itself", 1, 1)
                continue
            for line in (folder / "tried.csv").read_text().splitlines()[1:]:
                what, tried, wrong = line.split(",")
                add(what.split(": ", 1)[-1] + (" (training)" if "train" in what else ""), int(tried), int(wrong))
        programs = sorted(p for p in build.rglob("*_tests") if p.is_file() and os.access(p, os.X_OK))
        for what, tests in COUNTED:
            for program in programs:
                listed = subprocess.run([program, "--gtest_list_tests", f"--gtest_filter={tests}"], capture_output=True,
                                        text=True).stdout
                if not any(line.startswith("  ") for line in listed.splitlines()):
                    continue
                cases = run(program, f"--gtest_filter={tests}")
                ran = [case for case in cases or [] if case.get("result") == "completed"]
                add(what, max(1, len(ran)), sum(case.find("failure") is not None for case in ran) if ran else cases is None)
        door = subprocess.run(["bash", ROOT / "tests/front_door_test.sh"], capture_output=True, text=True)
        passed, failed = map(int, re.findall(r"(\d+) passed, (\d+) failed", door.stdout + door.stderr)[-1])
        add("the front door: a tree that is read-only, foreign or half deleted, a held lock", passed + failed, failed)
    for row in rows.values():
        tell(row)
    return list(rows.values())


def every_allocation(build, verb):
    """Each allocation of the verb fails: that one alone, and all from it on."""
    program = next(build.rglob("faults_tests"))
    said = subprocess.run([program, f"--gtest_filter=*OfMemory*/{verb}"], cwd=program.parent, capture_output=True, text=True,
                          env=os.environ | {"DIMPLE_FAULTS_ALL": "1"}).stdout
    counts = [tuple(map(int, of)) for of in re.findall(r": alloc [a-z ]+: (\d+) tried of (\d+), (\d+) wrong", said)]
    if not counts or any(tried != there for tried, there, _ in counts):
        sys.exit(f"{verb}: not every allocation was tried:\n{said[-2000:]}")
    return {"what": verb, "tried": sum(c[0] for c in counts), "wrong": sum(c[2] for c in counts), "commit": head()}


def head():
    return subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()


def tell(row):
    exits = ", ".join(f"{code}: {n:,}" for code, n in row.get("exits", {}).items())
    print(f"{row['what']:60} {row['tried']:>7,} tried  {row['wrong']:>3} wrong  {exits}", flush=True)


def write_page(figures):
    def table(rows, exits):
        lines = ["| what | tried | right | wrong |" + (" exit codes |" if exits else ""), "|---|---|---|---|" + "---|" * exits]
        for r in rows:
            codes = ", ".join(f"{code}: {n:,}" for code, n in r.get("exits", {}).items())
            lines.append(f"| {r['what']} | {r['tried']:,} | {r['tried'] - r['wrong']:,} | {r['wrong']} |" + f" {codes} |" * exits)
        return "\n".join(lines) + "\n"

    rows = figures["files"] + figures["machine"]
    PAGE.write_text(
        "# Robustness\n\n"
        f"What hostile files and a failing machine do to the program: **{sum(r['tried'] for r in rows):,} tried,"
        f" {sum(r['wrong'] for r in rows)} wrong.** Made by `tests/robustness.py BUILD --results`; commit"
        f" {figures['commit']}, {figures['machine_name']}.\n\n"
        "## Files\n\nSound files, damaged (bits, lengths, cuts, repeats, parts of others), and given to the verb that reads"
        " them. Right: the program ends by itself within a minute, with an exit code that is documented; it says why when it"
        " refuses, does not call it its own fault, and changes no file. The parsers alone see many more under sanitizers:"
        " [fuzzing.md](fuzzing.md).\n\n" + table(figures["files"], True) +
        "\n## The machine\n\nWhat fails around the program: streams, signals, limits, the disk, memory, other programs. Each"
        " row is a test that counts what it tries.\n\n" + table(figures["machine"], False) +
        "\n## Every allocation\n\nThe rows `alloc` above are samples. Here each allocation of a verb failed once, and each was the"
        " first of all that failed (`--every-allocation VERB`): the exit code is documented, what was complete is kept, and no"
        " partial file bears a final name.\n\n| verb | tried | wrong | commit |\n|---|---|---|---|\n" +
        "".join(f"| {r['what']} | {r['tried']:,} | {r['wrong']} | {r['commit']} |\n" for r in figures["every_allocation"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--files", type=int, default=1000, help="damaged files of each kind (%(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-tests", action="store_true")
    parser.add_argument("--results", action="store_true", help="write docs/results/robustness.json and its page")
    parser.add_argument("--every-allocation", nargs="+", metavar="VERB", help="rows of the page, and nothing else")
    options = parser.parse_args()
    build = options.build.resolve()
    known = json.loads(FIGURES.read_text())
    if options.every_allocation:
        rows = {row["what"]: row for row in known["every_allocation"]}
        for verb in options.every_allocation:
            rows[verb] = every_allocation(build, verb)
            tell(rows[verb])
        known["every_allocation"] = [rows[verb] for verb in sorted(rows)]
        FIGURES.write_text(json.dumps(known, indent=2) + "\n")
        write_page(known)
        sys.exit(any(row["wrong"] for row in rows.values()))
    with tempfile.TemporaryDirectory(prefix="dimple-seeds-") as seeds:
        for fuzzer in sorted((ROOT / "build/fuzz/fuzz").glob("*_fuzz")):
            folder = pathlib.Path(seeds) / fuzzer.name.removesuffix("_fuzz")
            folder.mkdir()
            subprocess.run([fuzzer, f"--seeds={folder}"], check=True)
        files = try_files(build / "apps/cli/dimple", pathlib.Path(seeds), options)
    machine = [] if options.no_tests else run_tests(build)
    if options.results:
        figures = {"commit": head(), "machine_name": f"{os.uname().machine}, {os.uname().sysname} {os.uname().release}",
                   "seed": options.seed, "files": files, "machine": machine,
                   "every_allocation": known["every_allocation"]}
        FIGURES.write_text(json.dumps(figures, indent=2) + "\n")
        write_page(figures)
    sys.exit(any(row["wrong"] for row in files + machine))


main()
