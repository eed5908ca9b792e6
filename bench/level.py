"""Which level of machine this is, and what one of its cores could do at most."""
import json
import os
import platform
import subprocess

# By what /proc/cpuinfo says, the strongest first.
LEVELS = [("amx", {"amx_int8", "avx512_vnni"}),
          ("avx512_vnni", {"avx512f", "avx512bw", "avx512_vnni"}),
          ("avx_vnni", {"avx_vnni", "avx2"}),
          ("avx2", {"avx2", "fma"}),
          ("neon_dot", {"asimd", "asimddp"}),
          ("neon", {"asimd"})]


def _cpuinfo(*keys):
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            key, _, value = line.partition(":")
            if key.strip() in keys:
                return value.strip()
    return ""


def level_here():
    has = set(_cpuinfo("flags", "Features").split())
    return next((name for name, needs in LEVELS if needs <= has), "portable")


def processor():
    return f"{_cpuinfo('model name', 'Processor') or platform.machine()}, {os.cpu_count()} cores"


def limits_of(build, isa=None):
    """Operations a second in float and int8, a product and its sum being two; without a level, of the best here."""
    command = ["taskset", "-c", core(), build / "bench/bench_limits", *([isa] if isa else [])]
    answer = subprocess.run(command, capture_output=True, text=True)
    return json.loads(answer.stdout) if answer.returncode == 0 else {}


def core(count=1):
    """The last cores that may be used: interrupts like the first."""
    allowed = sorted(os.sched_getaffinity(0))[-count:]
    return ",".join(str(c) for c in allowed)


QUIET_LOAD = 1.2  # of this program and its children alone


def load_now():
    return round(os.getloadavg()[0], 1)


def load_warning():
    load = load_now()
    return f"other work runs here (load {load}): figures are no measure" if load > QUIET_LOAD else f"load {load}"
