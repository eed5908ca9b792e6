"""Rows as text, and the page docs/results/speed.md with its figures in speed.json."""
import datetime
import json
import subprocess

import level as levels
from known_peers import ROOT

PAGE, FIGURES = ROOT / "docs/results/speed.md", ROOT / "docs/results/speed.json"
COLUMNS = ["level", "net", "precision", "threads", "ours_us", "best_peer", "best_peer_us", "ratio", "limit_share"]


def line_of(row):
    others = ", ".join(f"{name} {t['us']:.0f}" + (f" (differs by {t['difference']:.3g})" if t.get("difference") else "")
                       for name, t in row["runtimes"].items() if name != "dimple")
    return f"{row['net']} {row['precision']}: ours {row['ours_us'] or float('nan'):.0f} us; {others or 'nobody beside us'}"


def _cell(value):
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


def table_of(rows):
    cells = [COLUMNS] + [[_cell(row[c]) for c in COLUMNS] for row in rows]
    widths = [max(len(line[i]) for line in cells) for i in range(len(COLUMNS))]
    return "\n".join("  ".join(text.ljust(w) for text, w in zip(line, widths)).rstrip() for line in cells)


def _compiler():
    return subprocess.run(["c++", "--version"], capture_output=True, text=True).stdout.splitlines()[0]


def keep(level, limits, rows):
    """New rows take the place of those of the same level, net, precision and threads; all others stay."""
    machines = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    def key(row):
        return row["net"], row["precision"], row["threads"]

    old = machines.get(level, {}).get("rows", [])
    merged = {key(row): row for row in old + rows}
    machines[level] = {"processor": levels.processor(), "date": str(datetime.date.today()), "compiler": _compiler(),
                       "limits": limits, "rows": list(merged.values())}
    FIGURES.write_text(json.dumps(machines, indent=1) + "\n")
    PAGE.write_text(page_of(machines))


def page_of(machines):
    parts = [INTRODUCTION]
    for level, machine in machines.items():
        limits = ", ".join(f"{what} {rate / 1e9:.4g} G" for what, rate in machine["limits"].items())
        parts.append(f"\n## {level}\n\n{machine['processor']}, one core unless said; {machine['compiler']}; {machine['date']}. "
                     f"Limits of a core, operations a second: {limits or 'not measured'}.\n")
        names = list(dict.fromkeys(n for row in machine["rows"] for n in row["runtimes"] if n != "dimple"))
        head = ["net", "precision", "threads", "ours, us", *[f"{n}, us" for n in names], "ours / best", "share of the limit"]
        parts.append("\n| " + " | ".join(head) + " |\n|" + "---|" * len(head))
        for row in machine["rows"]:
            cells = [row["net"], row["precision"], row["threads"], row["ours_us"]]
            cells += [row["runtimes"].get(n, {}).get("us") for n in names] + [row["ratio"], row["limit_share"]]
            parts.append("\n| " + " | ".join(_cell(c) for c in cells) + " |")
        parts.append("\n\n" + _differences(machine["rows"]) + "\n")
    return "".join(parts)


def _differences(rows):
    """How far peers' answers are from ours, and who they are."""
    largest, who = {}, {}
    for row in rows:
        for name, t in row["runtimes"].items():
            who[name] = t["runtime"]
            if "difference" in t:
                key = name, row["precision"]
                largest[key] = max(largest.get(key, 0), t["difference"])
    unit = {"f32": "in a probability", "int8": "codes in a score"}
    said = [f"{name} {precision} {value:.2g} {unit[precision]}" for (name, precision), value in largest.items()]
    return (f"Runtimes: {', '.join(text for name, text in who.items() if name != 'dimple') or 'none beside ours'}. "
            f"Largest difference from our answers: {'; '.join(said) or 'none measured'}.")


INTRODUCTION = """# Speed beside other runtimes

Made by `bench/run --results` ([how it measures](../../bench/README.md)): every runtime in its own process on the same core,
one picture at a time, in turns; medians over rounds of the medians of single inferences. Nets have random weights, the same
for all. A table belongs to a level of machine, for each runtime has other kernels on each; rows measured on other machines
stay when this page is made again. The share of the limit is the time that the net's multiply-adds would take if a core did
nothing else, at the rate that `bench_limits` has reached on it, over our time.
"""
