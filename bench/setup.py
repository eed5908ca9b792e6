"""Makes ready what bench/run starts: our programs, the peers' programs, their packages, the nets."""
import json
import os
import shutil
import subprocess
import sys

from known_peers import ROOT, WORK


class Failure(Exception):
    pass


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def _run(what, command, **options):
    answer = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            **options)
    if answer.returncode != 0:
        raise Failure(f"{what} failed\n{answer.stdout[-3000:]}")


def build_ours(build):
    """The folder of our programs; without one, build/release is brought up to date."""
    if build is None:
        build = ROOT / "build/release"
        _run("configuring", ["cmake", "--preset", "release"], cwd=ROOT)
        _run("building ours", ["cmake", "--build", "--preset", "release", "--target", "bench"], cwd=ROOT)
    build = build.resolve()
    for name in ["bench_nets", "bench_dimple", "bench_limits"]:
        if not (build / "bench" / name).exists():
            raise Failure(f"{build} has no bench/{name}: cmake --build {build} --target bench")
    return build


def build_web(net):
    """Our WebAssembly module with the kernels that the net in this folder uses, and Node to run it."""
    if shutil.which("node") is None:
        raise Failure("node is needed (Debian package nodejs)")
    forms = ";".join(json.loads((net / "net.json").read_text())["forms"])
    _run("configuring", ["cmake", "--preset", "wasm", f"-DDIMPLE_WEB_FORMS={forms}"], cwd=ROOT)
    _run("building ours", ["cmake", "--build", "--preset", "wasm", "--target", "bench_web"], cwd=ROOT)


def _installed(package):
    answer = subprocess.run(["dpkg-query", "-W", "-f=${db:Status-Status}", package], capture_output=True, text=True)
    return answer.stdout == "installed"


def _install_debian(packages):
    say(f"installs the Debian packages {' '.join(packages)}")
    prefix = [] if os.geteuid() == 0 else ["sudo"]
    _run("installing", prefix + ["apt-get", "install", "-y", "--no-install-recommends", *packages],
         env=dict(os.environ, DEBIAN_FRONTEND="noninteractive"))


def _install_npm(packages):
    if shutil.which("npm") is None:
        raise Failure("npm is needed for this peer (Debian packages nodejs, npm)")
    folder = WORK / "npm"
    say(f"installs {' '.join(packages)} by npm into {folder}")
    folder.mkdir(parents=True, exist_ok=True)
    _run("npm", ["npm", "install", "--prefix", folder, "--ignore-scripts", "--legacy-peer-deps", "--no-audit",
                 "--no-fund", *packages])


def prepare(peer, may_install):
    debian = [p for p in peer.debian if not _installed(p)]
    npm = [p for p in peer.npm if not (WORK / "npm/node_modules" / p.rsplit("@", 1)[0]).is_dir()]
    if (debian or npm) and not may_install:
        raise Failure(f"{peer.name} needs {' '.join(debian + npm)}")
    if debian:
        _install_debian(debian)
    if npm:
        _install_npm(npm)
    if peer.source is not None:
        made = peer.command[0]
        made.parent.mkdir(parents=True, exist_ok=True)
        compiler = ["c++", "-std=c++17"] if peer.source.suffix == ".cc" else ["cc", "-std=gnu11"]
        _run(f"compiling {peer.name}", [*compiler, "-O2", "-Wall", "-Wextra", "-o", made, peer.source, *peer.compile])


def make_net(build, net):
    """The folder of nets with this one in it; made again when the program that makes them is newer."""
    maker = build / "bench/bench_nets"
    nets = build / "bench/nets"
    made = [nets / f"{net}-{precision}" / "net.json" for precision in ["f32", "int8"]]
    if not all(file.exists() and file.stat().st_mtime > maker.stat().st_mtime for file in made):
        say(f"makes {net}")
        _run(f"making {net}", [maker, nets, net])
    return nets
