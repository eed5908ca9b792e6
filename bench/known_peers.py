"""Every runtime that bench/run knows: what is installed for it, how its program is made and started.

A new one is a folder in bench/peers/ and an entry here."""
import pathlib
import platform
from dataclasses import dataclass, field

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / "build/bench"
NPM = WORK / "npm/node_modules"
ARM = platform.machine() == "aarch64"
ORT = NPM / f"onnxruntime-node/bin/napi-v6/linux/{'arm64' if ARM else 'x64'}/libonnxruntime.so.1"
TFLITE = NPM / "tfjs-tflite-node/cc_deps"
TFLITE_LIBRARIES = TFLITE / f"linux_{'arm64' if ARM else 'amd64'}"


@dataclass
class Peer:
    name: str
    model: str                                       # the file of a net that it reads
    input: str
    command: list                                    # which MODEL INPUT THREADS follow
    debian: list = field(default_factory=list)
    npm: list = field(default_factory=list)
    source: pathlib.Path = None                      # what `command` is compiled from
    compile: list = field(default_factory=list)      # with these flags
    environment: dict = field(default_factory=dict)
    precisions: tuple = ("f32", "int8")
    web: bool = False                                # runs in Node, beside ours in WebAssembly


def program(name):
    return WORK / "bin" / name


def ours(build, isa=None):
    return Peer("dimple", "model.dimple", "input.bin", [build / "bench/bench_dimple"],
                environment={"DIMPLE_ISA": isa} if isa else {})


def in_node(name, **fields):
    return Peer(name=name, command=["node", ROOT / "bench/peers" / name / f"{name}_peer.mjs"], **fields)


WEB_MODULE = ROOT / "build/wasm/bench_web.wasm"


def ours_in_node():
    return in_node("dimple_web", web=True, model="model.dimple", input="input.bin",
                   environment={"DIMPLE_WEB_MODULE": str(WEB_MODULE)})


def compiled(name, source, **fields):
    return Peer(name=name, command=[program(name)], source=ROOT / "bench/peers" / name / source, **fields)


PEERS = {peer.name: peer for peer in [
    compiled("onnxruntime", "onnxruntime_peer.c", model="model.onnx", input="input.onnx.bin",
             npm=["onnxruntime-node@1.30.0"], compile=["-ldl"], environment={"ONNXRUNTIME_LIBRARY": str(ORT)}),
    # The same library on the other form of integer nets: which of the two is quicker differs from net to net.
    Peer("onnxruntime_s8", "model.s8.onnx", "input.s8.onnx.bin", [program("onnxruntime")],
         npm=["onnxruntime-node@1.30.0"], environment={"ONNXRUNTIME_LIBRARY": str(ORT)},
         source=ROOT / "bench/peers/onnxruntime/onnxruntime_peer.c", compile=["-ldl"], precisions=("int8",)),
    compiled("tflite", "tflite_peer.c", model="model.tflite", input="input.bin", npm=["tfjs-tflite-node@0.0.2"],
             compile=["-I", TFLITE / "include", "-L", TFLITE_LIBRARIES, "-ltensorflowlite_c",
                      f"-Wl,-rpath,{TFLITE_LIBRARIES}"]),
    compiled("opencv", "opencv_peer.cc", model="model.opencv.onnx", input="input.onnx.bin",
             debian=["libopencv-dnn-dev"],
             compile=["-isystem", "/usr/include/opencv4", "-lopencv_dnn", "-lopencv_core"], precisions=("f32",)),
    Peer("libtorch", "model.safetensors", "input.bin",
         ["/usr/bin/python3", ROOT / "bench/peers/libtorch/libtorch_peer.py"], debian=["python3-torch"],
         precisions=("f32",)),
    in_node("onnxruntime_web", model="model.onnx", input="input.onnx.bin", npm=["onnxruntime-web@1.30.0"],
            environment={"BENCH_NODE_MODULES": str(NPM)}, web=True),
]}
