#!/usr/bin/env python3
"""Runs the fuzzers of build/fuzz (cmake --preset fuzz && cmake --build --preset fuzz), as many at once as there are cores.

    tests/fuzz.py --seconds 3600              an hour each, going on from the inputs of the last time
    tests/fuzz.py --seconds 3600 --results    the same, added to docs/results/fuzzing.json and its page
    tests/fuzz.py --seconds 10 --fixed csv    the same inputs every time, for a test

Each begins with the seeds that it writes itself and with tests/findings/<name>, inputs that once were findings. What it
finds is kept in build/fuzz/findings/<name>; then this ends with 1.
"""
import argparse
import json
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/results/fuzzing.md"
TOTALS = ROOT / "docs/results/fuzzing.json"


def what_it_says(name):
    """The first sentence of the fuzzer's source: what must hold for every input."""
    source = next(ROOT.glob(f"src/**/{name}_fuzz.cc"))
    text = ""
    for line in source.read_text().splitlines():
        if not line.startswith("//"):
            break
        text += line[2:]
    return str(source.relative_to(ROOT)), text.strip().split(". ")[0].rstrip(".")


def run(program, options, kept):
    name = program.name.removesuffix("_fuzz")
    folder = kept / "corpus" / name
    findings = kept / "findings" / name
    for made in (folder, findings):
        made.mkdir(parents=True, exist_ok=True)
    if not options.seeds_of:
        subprocess.run([program, f"--seeds={folder}"], check=True)
    also = [ROOT / "tests/findings" / name, *([options.seeds_of / name] if options.seeds_of else [])]
    command = [program, f"-max_total_time={options.seconds}", "-timeout=60", "-rss_limit_mb=2048", "-print_final_stats=1",
               "-reload=0", f"-artifact_prefix={findings}/", *(["-seed=1"] if options.fixed else []),
               folder, *(inputs for inputs in also if inputs.is_dir())]
    # Looking for leaks stops all threads of the process, which not every container allows.
    environment = dict(os.environ, ASAN_OPTIONS="detect_leaks=0") if options.fixed else None
    with tempfile.TemporaryFile("w+", errors="replace") as log:
        exit_code = subprocess.run(command, stdout=log, stderr=log, env=environment).returncode
        log.seek(0)
        said = log.read()
    number = lambda pattern: int((re.findall(pattern, said) or ["0"])[-1])
    result = {"target": name, "seconds": options.seconds, "executions": number(r"stat::number_of_executed_units: (\d+)"),
              "edges": number(r"cov: (\d+)"), "features": number(r"ft: (\d+)"), "inputs": number(r"corp: (\d+)"),
              "findings": int(exit_code != 0)}
    print(f"{name:16} {result['executions']:>12,} executions  {result['edges']:>6} edges  {result['inputs']:>5} inputs"
          f"  {'FOUND SOMETHING' if exit_code else ''}", flush=True)
    if exit_code:
        print("\n".join("  " + line[:200] for line in said.splitlines()[-40:]), flush=True)
    return result


def add_to_totals(results, sanitizer):
    totals = json.loads(TOTALS.read_text()) if TOTALS.exists() else {"targets": {}}
    head = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    commit = head.stdout.strip()
    for result in results:
        key = result["target"] if sanitizer == "address" else f"{result['target']} ({sanitizer})"
        total = totals["targets"].setdefault(key, {"executions": 0, "seconds": 0, "findings_open": 0})
        total["executions"] += result["executions"]
        total["seconds"] += result["seconds"]
        total["findings_open"] = result["findings"]
        total.update(edges=result["edges"], inputs=result["inputs"], commit=commit, machine=platform.machine())
    totals["targets"] = dict(sorted(totals["targets"].items()))
    TOTALS.write_text(json.dumps(totals, indent=2) + "\n")
    write_page(totals["targets"])


def write_page(targets):
    executions = sum(t["executions"] for t in targets.values())
    still_open = sum(t["findings_open"] for t in targets.values())
    rows = []
    for name, t in targets.items():
        source, says = what_it_says(name.split(" ")[0])
        rows.append(f"| [{name}](../../{source}) | {says} | {t['executions']:,} | {t['seconds'] / 60:.0f} min"
                    f" | {t['edges']:,} | {t['inputs']:,} | {t['findings_open']} |")
    PAGE.write_text(
        "# Fuzzing\n\n"
        "Whatever reads bytes from outside, under the address and undefined-behaviour sanitizers (clang, libFuzzer); where a"
        " name says so, the memory sanitizer. One command goes on from what is here: `tests/fuzz.py --seconds 3600"
        " --results`.\n\n"
        f"**{executions:,} executions, {still_open} findings open.** Inputs that once were findings stand in"
        " `tests/findings/`, with which every run begins, or in the tests beside the parser. `./dimple test` runs each"
        " fuzzer for six seconds, with the same inputs every time.\n\n"
        "| target | what must hold | executions | time | edges reached | inputs kept | findings open |\n"
        "|---|---|---|---|---|---|---|\n" + "\n".join(rows) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", help="names, e.g. csv; without one: all")
    parser.add_argument("--seconds", type=int, default=60, help="for each target (%(default)s)")
    parser.add_argument("--fixed", action="store_true", help="always the same inputs: a fixed seed, none that were kept")
    parser.add_argument("--results", action="store_true", help="add to docs/results/fuzzing.json and write its page")
    parser.add_argument("--preset", default="fuzz", choices=["fuzz", "fuzz-memory"])
    options = parser.parse_args()
    build = ROOT / "build" / options.preset / "fuzz"
    built = {p.name.removesuffix("_fuzz"): p for p in sorted(build.glob("*_fuzz"))}
    programs = [p for name, p in built.items() if not options.targets or name in options.targets]
    unknown = set(options.targets) - set(built)
    if unknown or not programs:
        sys.exit(f"no such fuzzer in {build}: {', '.join(sorted(unknown)) or 'none is built'}")
    # The device's half alone cannot write its seeds: they come from the other build.
    options.seeds_of = ROOT / "build/fuzz/fuzz/corpus" if options.preset == "fuzz-memory" else None
    kept = build
    if options.fixed:
        kept = build / "fixed"
        shutil.rmtree(kept, ignore_errors=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda p: run(p, options, kept), programs))
    print(f"{sum(r['executions'] for r in results):,} executions of {len(results)} targets, "
          f"{sum(r['findings'] for r in results)} with findings")
    if options.results:
        add_to_totals(results, "memory" if options.preset == "fuzz-memory" else "address")
    sys.exit(any(r["findings"] for r in results))


main()
