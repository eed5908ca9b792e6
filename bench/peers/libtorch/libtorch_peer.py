"""libtorch, as its user would run a finished float net: traced, frozen, channels last, no gradient.

The orders are those of peer.h. It reads our own model file: the graph as text and its weights. libtorch has two ways to
run a frozen net, with and without the layouts of oneDNN; the quicker one of the two is taken."""
import json
import math
import re
import statistics
import struct
import sys
import time
import warnings

import torch
import torch.nn.functional as F


def read_model(path):
    with open(path, "rb") as file:
        data = file.read()
    end = 8 + struct.unpack_from("<Q", data)[0]
    header = json.loads(data[8:end])
    weights = {name: torch.frombuffer(bytearray(data[end + t["data_offsets"][0]:end + t["data_offsets"][1]]),
                                      dtype=torch.float32).reshape(t["shape"])
               for name, t in header.items() if name != "__metadata__"}
    return header["__metadata__"]["dimple.graph"].splitlines(), weights


def several(text, count):
    """2 is 2 for all of them; 2x1 says each."""
    values = [int(v) for v in text.split("x")]
    return values if len(values) == count else values * count


class Graph(torch.nn.Module):
    def __init__(self, lines, weights):
        super().__init__()
        self.steps = []
        for line in lines[2:]:
            name, op, inputs, attributes = re.match(r"(\S+) = (\w+)\(([^)]*)\) ?(.*?) ?: ", line).groups()
            fields = dict(pair.split("=") for pair in attributes.split())
            mine = [weights.get(f"{name}.{role}") for role in ("weight", "bias")]
            self.steps.append((name, op, inputs.split(", "), fields, mine))

    def forward(self, x):
        values = {"input": x}
        for name, op, inputs, fields, mine in self.steps:
            values[name] = getattr(self, op)([values[v] for v in inputs], fields, *mine)
            activation = fields.get("activation")
            if activation:
                values[name] = getattr(self, activation)([values[name]], {}, None, None)
        return F.softmax(values[self.steps[-1][0]].flatten(1), 1)

    @staticmethod
    def padded(x, fields, value=0.0):
        """The input, and the padding that is left for the operator."""
        top, left, bottom, right = several(fields.get("pad", "0"), 4)
        if (top, left) == (bottom, right):
            return x, (top, left)
        return F.pad(x, (left, right, top, bottom), value=value), (0, 0)

    def slide(self, x, fields, weight, bias, groups):
        x, padding = self.padded(x, fields)
        stride, dilation = several(fields.get("stride", "1"), 2), several(fields.get("dilation", "1"), 2)
        weight = weight.contiguous(memory_format=torch.channels_last)
        return F.conv2d(x, weight, bias, stride, padding, dilation, groups)

    def conv2d(self, x, fields, weight, bias):
        return self.slide(x[0], fields, weight.permute(0, 3, 1, 2), bias, 1)

    def depthwise_conv2d(self, x, fields, weight, bias):
        return self.slide(x[0], fields, weight.permute(2, 0, 1).unsqueeze(1), bias, weight.shape[2])

    def dense(self, x, _, weight, bias):
        return F.linear(x[0].permute(0, 2, 3, 1).flatten(1), weight, bias)[:, :, None, None]

    def max_pool(self, x, fields, *_):
        x, padding = self.padded(x[0], fields, -math.inf)
        return F.max_pool2d(x, several(fields["kernel"], 2), several(fields.get("stride", "1"), 2), padding)

    def average_pool(self, x, fields, *_):
        top, left = several(fields.get("pad", "0"), 4)[:2]
        return F.avg_pool2d(x[0], several(fields["kernel"], 2), several(fields.get("stride", "1"), 2), (top, left),
                            count_include_pad="count_include_pad" in fields)

    def pad(self, x, fields, *_):
        top, left, bottom, right = (int(fields.get(side, 0)) for side in ("top", "left", "bottom", "right"))
        return F.pad(x[0], (left, right, top, bottom))

    def flatten(self, x, *_):
        return x[0].permute(0, 2, 3, 1).flatten(1)[:, :, None, None]

    def add(self, x, *_): return x[0] + x[1]
    def multiply(self, x, *_): return x[0] * x[1]
    def concat(self, x, *_): return torch.cat(x, 1)
    def global_average_pool(self, x, *_): return x[0].mean((2, 3), keepdim=True)
    def global_max_pool(self, x, *_): return x[0].amax((2, 3), keepdim=True)
    def relu(self, x, *_): return F.relu(x[0])
    def relu6(self, x, *_): return F.relu6(x[0])
    def hard_swish(self, x, *_): return F.hardswish(x[0])
    def hard_sigmoid(self, x, *_): return F.hardsigmoid(x[0])
    def sigmoid(self, x, *_): return torch.sigmoid(x[0])
    def swish(self, x, *_): return F.silu(x[0])


def seconds_of(net, x):
    for _ in range(5):
        net(x)
    times = []
    for _ in range(10):
        start = time.perf_counter()
        net(x)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main(model, picture, threads):
    warnings.simplefilter("ignore")
    torch.set_num_threads(int(threads))
    lines, weights = read_model(model)
    height, width, channels = (int(n) for n in re.search(r"\[(\d+),(\d+),(\d+)\]", lines[1]).groups())
    with open(picture, "rb") as file:
        rows = torch.frombuffer(bytearray(file.read()), dtype=torch.float32).reshape(1, height, width, channels)
    x = rows.permute(0, 3, 1, 2)  # in our order it is channels last already
    with torch.inference_mode():
        def frozen():
            return torch.jit.freeze(torch.jit.trace(Graph(lines, weights).eval(), x, check_trace=False))

        ways = [frozen(), torch.jit.optimize_for_inference(frozen())]
        if not torch.allclose(ways[0](x), ways[1](x), atol=1e-4):  # version 1.13 is wrong about some operators
            ways.pop()
        net = min(ways, key=lambda way: seconds_of(way, x))
        print(f"ready libtorch {torch.__version__}", flush=True)
        for line in sys.stdin:
            if line == "output\n":
                print("real", *net(x).flatten().tolist())
                print("codes\nend", flush=True)
            elif line == "memory\n":
                with open("/proc/self/status", encoding="utf-8") as file:
                    print(re.search(r"VmHWM:\s+(\d+)", file.read())[1], flush=True)
            else:
                times = []
                for _ in range(int(line.split()[1])):
                    start = time.perf_counter_ns()
                    net(x)
                    times.append(time.perf_counter_ns() - start)
                print(*times, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
