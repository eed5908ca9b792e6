"""Rows as text, and the page docs/results/speed.md with its figures in speed.json."""
import datetime
import json
import subprocess

import level as levels
import picture
from known_peers import ROOT

PAGE, FIGURES = ROOT / "docs/results/speed.md", ROOT / "docs/results/speed.json"
EXPECTED = ["amx", "avx512_vnni", "avx_vnni", "avx2", "neon_dot", "wasm"]
COLUMNS = ["level", "net", "precision", "threads", "ours_us", "best_peer", "best_peer_us", "ratio", "limit_share"]


def line_of(row):
    others = ", ".join(f"{name} {t['us']:.0f}" + (f" (differs by {t['difference']:.3g})" if t.get("difference") else "")
                       for name, t in row["peers"].items())
    ours = f"{row['ours_us']:.0f} us" if row["ours_us"] else "lost"
    return f"{row['net']} {row['precision']}: ours {ours}; {others or 'nobody beside us'}"


def _cell(value):
    if isinstance(value, float):
        return f"{value:.0f}" if value >= 1000 else f"{value:.4g}"
    return "" if value is None else str(value)


def table_of(rows):
    cells = [COLUMNS] + [[_cell(row[c]) for c in COLUMNS] for row in rows]
    widths = [max(len(line[i]) for line in cells) for i in range(len(COLUMNS))]
    return "\n".join("  ".join(text.ljust(w) for text, w in zip(line, widths)).rstrip() for line in cells)


def _compiler():
    return subprocess.run(["c++", "--version"], capture_output=True, text=True).stdout.splitlines()[0]


def keep(level, limits, load, rows):
    """New rows take the place of those of the same level, net, precision and threads; all others stay."""
    machines = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    def key(row):
        return row["net"], row["precision"], row["threads"]

    old = machines.get(level, {}).get("rows", [])
    merged = {key(row): row for row in old + rows}
    machines[level] = {"processor": levels.processor(), "date": str(datetime.date.today()), "compiler": _compiler(),
                       "load": load, "limits": limits, "rows": list(merged.values())}
    _picture_of(level).write_text(picture.growth(level, machines[level]["rows"]))
    FIGURES.write_text(json.dumps(machines, indent=1) + "\n")
    PAGE.write_text(page_of(machines))


def _picture_of(level):
    return PAGE.with_name(f"speed_{level.replace(' ', '_')}.svg")


def page_of(machines):
    parts = [INTRODUCTION]
    for level, machine in machines.items():
        limits = ", ".join(f"{what} {rate / 1e9:.4g} G" for what, rate in machine["limits"].items())
        parts.append(f"\n## {level}\n\n{machine['processor']}, one core unless said; {machine['compiler']}; "
                     f"{machine['date']}. Limits of a core, operations a second: {limits or 'not measured'}."
                     f"{_disturbed(machine['load'])}\n\n![time against multiply-adds]({_picture_of(level).name})\n")
        names = list(dict.fromkeys(n for row in machine["rows"] for n in row["peers"]))
        parts.append(_markdown(["net", "precision", "threads", "ours, us", *[f"{n}, us" for n in names], "ours / best",
                                "limit share"], [_times(row, names) for row in machine["rows"]]))
        parts.append("\nA process from start to end with one inference, and the most memory that was resident while it "
                     "ran many:\n")
        parts.append(_markdown(["net", "precision", "ours, ms", *[f"{n}, ms" for n in names], "ours, MB",
                                *[f"{n}, MB" for n in names]], [_starts(row, names) for row in machine["rows"]]))
        parts.append("\n" + _differences(machine["rows"]) + "\n")
    absent = [level for level in EXPECTED if level not in machines]
    if absent:
        parts.append(f"\nNot measured yet: {', '.join(absent)}.\n")
    return "".join(parts)


def _disturbed(load):
    return f" **Other work ran beside it (load {load}): figures are no measure.**" if load > levels.QUIET_LOAD else ""


def _markdown(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(["", *lines, *["| " + " | ".join(_cell(c) for c in row) + " |" for row in rows], ""])


def _times(row, names):
    others = ["wrong" if n in row["wrong"] else row["peers"].get(n, {}).get("us") for n in names]
    return [row["net"], row["precision"], row["threads"], row["ours_us"], *others, row["ratio"], row["limit_share"]]


def _starts(row, names):
    who = [row["ours"], *[row["peers"].get(n, {}) for n in names]]
    return [row["net"], row["precision"], *[p.get("start_ms") for p in who], *[p.get("resident_mb") for p in who]]


def _differences(rows):
    """How far peers' answers are from ours, and who they are."""
    largest, who = {}, {}
    for row in rows:
        for name, t in row["peers"].items():
            who[name] = t["runtime"]
            if "difference" in t and name not in row["wrong"]:
                key = name, row["precision"]
                largest[key] = max(largest.get(key, 0), t["difference"])
    unit = {"f32": "in a probability", "int8": "codes in a score"}
    said = [f"{name} {precision} {value:.2g} {unit[precision]}" for (name, precision), value in largest.items()]
    return (f"Runtimes: {', '.join(who.values()) or 'none beside ours'}. "
            f"Largest difference from our answers: {'; '.join(said) or 'none measured'}.")


INTRODUCTION = """# Speed beside other runtimes

Made by `bench/run --results` ([how it measures](../../bench/README.md)): every runtime in its own process on the same
core, one picture at a time, in turns; medians over rounds of the medians of single inferences. Nets have random
weights, the same for all. A table belongs to a level of machine, for each runtime has other kernels on each; rows
measured on other machines stay when this page is made again. The share of the limit is the time that the net's
multiply-adds would take if a core did nothing else, at the rate that `bench_limits` has reached on it, over our time.
"""
