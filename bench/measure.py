"""One net on several runtimes: each its own process on the same core, taking turns."""
import json
import os
import selectors
import statistics
import subprocess
import tempfile
import time

import level as levels
from setup import say

TOLERANCE = 1e-3  # of a float net's probabilities
ROUND_SECONDS, QUICK_ROUND_SECONDS = 0.2, 0.03
LONGEST_STARTS_MS = 4000  # of all starts of a runtime together; one more may run over it
PATIENCE = 120  # seconds for one line


class Lost(Exception):
    pass


class Process:
    def __init__(self, peer, folder, shape, threads):
        self.errors = tempfile.TemporaryFile("w+")
        command = [*peer.command, folder / peer.model, folder / peer.input, threads]
        self.command = [str(c) for c in command]
        self.environment = dict(os.environ, BENCH_INPUT=shape, **peer.environment)
        self.child = subprocess.Popen(["taskset", "-c", levels.core(threads), *self.command], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, stderr=self.errors, env=self.environment)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.child.stdout, selectors.EVENT_READ)
        self.rest = b""
        self.warm_up = 1 if peer.web else 0.1  # seconds; a browser's engine compiles again what runs long
        self.description = self.line().removeprefix("ready ")

    def line(self):
        while b"\n" not in self.rest:
            more = os.read(self.child.stdout.fileno(), 1 << 16) if self.selector.select(PATIENCE) else b""
            if not more:
                self.errors.seek(0)
                raise Lost(self.errors.read().strip()[-300:] or f"no answer for {PATIENCE} s")
            self.rest += more
        line, _, self.rest = self.rest.partition(b"\n")
        return line.decode()

    def order(self, text):
        try:
            self.child.stdin.write(text.encode() + b"\n")
            self.child.stdin.flush()
        except BrokenPipeError:
            pass  # line() says why
        return self.line()

    def answer(self):
        """Probabilities, and the last codes of an integer net."""
        real = [float(v) for v in self.order("output").split()[1:]]
        codes = [int(v) for v in self.line().split()[1:]]
        self.line()
        return real, codes

    def round(self, count):
        return sorted(int(t) / 1000 for t in self.order(f"round {count}").split())

    def start_to_end_ms(self):
        """Of another process that runs once: opened, prepared, one inference, gone."""
        with open(os.devnull, "r+b") as nothing:
            files = [(os.POSIX_SPAWN_DUP2, nothing.fileno(), fd) for fd in (0, 1, 2)]
            start = time.perf_counter()
            child = os.posix_spawnp(self.command[0], self.command, self.environment, file_actions=files)
            os.waitpid(child, 0)
            return (time.perf_counter() - start) * 1000

    def end(self):
        self.child.kill()
        self.child.wait()
        for file in (self.child.stdin, self.child.stdout, self.errors):
            file.close()


def difference(ours, other, precision):
    """The largest: of codes where both have them, else of probabilities."""
    which = 1 if precision == "int8" and ours[1] and other[1] else 0
    a, b = ours[which], other[which]
    return max((abs(x - y) for x, y in zip(a, b)), default=0) if len(a) == len(b) else float("inf")


def start(peers, folder, shape, threads):
    running, lost = {}, {}
    for peer in peers:
        try:
            running[peer.name] = Process(peer, folder, shape, threads)
        except Lost as why:
            lost[peer.name] = str(why)
            say(f"{peer.name} cannot run {folder.name}: {why}")
    return running, lost


def take_turns(running, options):
    """Medians over rounds of the medians of inferences, in microseconds, by name."""
    seconds = QUICK_ROUND_SECONDS if options.quick else ROUND_SECONDS
    counts = {}
    for name, process in running.items():
        process.round(1)
        once = process.round(1)[0]
        counts[name] = max(1, min(100000, int(seconds * 1e6 / max(once, 0.1))))
        process.round(max(1, int(counts[name] * process.warm_up / seconds)))
    rounds = {name: [] for name in running}
    for _ in range(options.rounds):
        for name, process in running.items():
            rounds[name].append(statistics.median(process.round(counts[name])))
    return {name: {"us": round(statistics.median(r), 2), "best_us": round(min(r), 2)} for name, r in rounds.items()}


def take_starts(running, options):
    """Milliseconds of a whole process, and the most memory of the long one in MB, by name."""
    core = {int(c) for c in levels.core(options.threads).split(",")}
    before = os.sched_getaffinity(0)
    starts = {name: [] for name in running}
    os.sched_setaffinity(0, core)  # children inherit it
    try:
        for _ in range(3 if options.quick else 15):
            for name, process in running.items():
                if sum(starts[name]) < LONGEST_STARTS_MS:
                    starts[name].append(process.start_to_end_ms())
    finally:
        os.sched_setaffinity(0, before)
    return {name: {"start_ms": round(statistics.median(starts[name]), 2),
                   "resident_mb": round(int(process.order("memory")) / 1024, 1)} for name, process in running.items()}


def measure(folder, level, limits, ours, peers, options):
    net, _, precision = folder.name.rpartition("-")
    about = json.loads((folder / "net.json").read_text())
    able = [ours] + [p for p in peers if precision in p.precisions]
    running, lost = start(able, folder, "x".join(str(n) for n in about["input"]), options.threads)
    try:
        answers = {name: process.answer() for name, process in running.items()}
        times = take_turns(running, options)
        for name, more in take_starts(running, options).items():
            times[name].update(more)
        described = {name: process.description for name, process in running.items()}
    finally:
        for process in running.values():
            process.end()
    for name in times:
        times[name]["runtime"] = described[name]
        if ours.name in answers and name != ours.name:
            times[name]["difference"] = difference(answers[ours.name], answers[name], precision)
    mine = times.pop(ours.name, {"us": None})
    wrong = [n for n, t in times.items() if precision == "f32" and t.get("difference", 0) > TOLERANCE]
    others = {n: t["us"] for n, t in times.items() if n not in wrong}
    best = min(others, key=others.get, default=None)
    best_rounds = [t["best_us"] for n, t in times.items() if n not in wrong]
    us, rate = mine["us"], limits.get(precision)
    floor_us = 2e6 * about["multiply_adds"] / rate / options.threads if rate else None
    return {"level": level, "net": net, "precision": precision, "threads": options.threads, "ours_us": us,
            "best_peer": best, "best_peer_us": others.get(best),
            "ratio": round(us / others[best], 3) if us and best else None,
            "best_round_ratio": round(mine["best_us"] / min(best_rounds), 3) if us and best_rounds else None,
            "limit_share": round(floor_us / us, 3) if us and floor_us else None,
            "multiply_adds": about["multiply_adds"], "ours": mine, "peers": times, "lost": lost, "wrong": wrong}
