"""keras_applications' NASNetMobile, with weights drawn at random: what the parity test compares with.

usage: keras_parity.py SIZE FOLDER

Debian carries the definitions of Keras' networks, not Keras. What the definition asks of Keras is answered here by
torch, at once: a layer is called on a picture and gives a picture. Nothing of the network itself stands in this file.

Writes FOLDER/weights.pth (a state dict in the order of the layers), and FOLDER/answer.safetensors: an input (height,
width, channels), the logits it gives, and how many numbers the network learns and counts.
"""
import contextlib
import sys
import types

import torch
import torch.nn.functional as f
from keras_applications import nasnet

from torchvision_parity import write_safetensors

state = {}  # in the order in which the layers are asked for
picture = None


def keep(layer, **parts):
    name = f"layer{len(state):05d}_{layer}"
    state.update({f"{name}.{part}": value for part, value in parts.items()})
    return parts.values()


def random_weights(*shape):
    fan_in = shape[1] * (shape[2] * shape[3] if len(shape) == 4 else 1)
    return torch.randn(*shape) * (2 / fan_in) ** 0.5


def sides(padding):
    (top, bottom), (left, right) = padding
    return left, right, top, bottom


def pair(size):
    return (size, size) if isinstance(size, int) else tuple(size)


def same(kernel, padding):
    assert padding in ("same", "valid")
    return tuple(k // 2 for k in kernel) if padding == "same" else (0, 0)


def input_layer(shape):
    assert tuple(shape) == tuple(picture.shape[2:]) + (3,), shape
    return picture


def conv(filters, size, strides=(1, 1), padding="valid", use_bias=True, **_):
    assert not use_bias and (padding == "valid" or strides == (1, 1))

    def call(x):
        (w,) = keep("conv", weight=random_weights(filters, x.shape[1], *pair(size)))
        return f.conv2d(x, w, stride=strides, padding=same(pair(size), padding))

    return call


def separable_conv(filters, size, strides=(1, 1), padding="valid", use_bias=True, **_):
    assert not use_bias and (padding == "valid" or strides == (1, 1))

    def call(x):
        (deep,) = keep("deep", weight=random_weights(x.shape[1], 1, *pair(size)))
        x = f.conv2d(x, deep, stride=strides, padding=same(pair(size), padding), groups=x.shape[1])
        (point,) = keep("point", weight=random_weights(filters, x.shape[1], 1, 1))
        return f.conv2d(x, point)

    return call


def batch_norm(axis, epsilon, **_):
    assert axis == -1

    def call(x):
        # Near the picture's own statistics: drawn from nowhere they would let so deep a network run away.
        c, true_var = x.shape[1], x.var((0, 2, 3)) + epsilon
        w, b, mean, var = keep(
            "norm",
            weight=torch.empty(c).uniform_(0.5, 1.5),
            bias=torch.randn(c) * 0.2,
            running_mean=x.mean((0, 2, 3)) + torch.randn(c) * 0.2 * true_var.sqrt(),
            running_var=torch.empty(c).uniform_(0.5, 1.5) * true_var,
        )
        return f.batch_norm(x, mean, var, w, b, eps=epsilon)

    return call


def average_pool(size, strides, padding, **_):
    # Keras leaves the border out of the mean.
    return lambda x: f.avg_pool2d(x, size, strides, same(size, padding), count_include_pad=False)


def max_pool(size, strides, padding, **_):
    assert padding == "valid"
    return lambda x: f.max_pool2d(x, size, strides)


def crop(cropping):
    left, right, top, bottom = sides(cropping)
    return lambda x: x[:, :, top : x.shape[2] - bottom, left : x.shape[3] - right]


def activation(kind, **_):
    assert kind == "relu"
    return torch.relu


def dense(units, **_):  # its softmax is left out: logits are compared
    def call(x):
        w, b = keep("dense", weight=random_weights(units, x.shape[1]), bias=torch.randn(units) * 0.1)
        return f.linear(x, w, b)

    return call


LAYERS = types.SimpleNamespace(
    Input=input_layer,
    Conv2D=conv,
    SeparableConv2D=separable_conv,
    BatchNormalization=batch_norm,
    AveragePooling2D=average_pool,
    MaxPooling2D=max_pool,
    GlobalAveragePooling2D=lambda: lambda x: x.mean((2, 3)),
    ZeroPadding2D=lambda padding, **_: lambda x: f.pad(x, sides(padding)),
    Cropping2D=crop,
    Activation=activation,
    Dense=dense,
    add=lambda values, **_: sum(values[1:], values[0]),
    concatenate=lambda values, axis, **_: torch.cat(values, 1),
)
BACKEND = types.SimpleNamespace(
    image_data_format=lambda: "channels_last",
    int_shape=lambda x: (None, x.shape[2], x.shape[3], x.shape[1]),
    name_scope=lambda name: contextlib.nullcontext(),
)
MODELS = types.SimpleNamespace(Model=lambda inputs, outputs, **_: outputs)


def main(size, folder):
    global picture
    torch.manual_seed(1)
    picture = torch.randn(1, 3, size, size)
    with torch.no_grad():
        logits = nasnet.NASNetMobile(
            (size, size, 3), weights=None, backend=BACKEND, layers=LAYERS, models=MODELS, utils=None
        )[0]
    torch.save(state, f"{folder}/weights.pth")
    statistics = sum(v.numel() for name, v in state.items() if ".running_" in name)
    answer = {
        "input": picture[0].permute(1, 2, 0),
        "logits": logits,
        "parameters": torch.tensor([sum(v.numel() for v in state.values()) - statistics]),
        "statistics": torch.tensor([statistics]),
    }
    write_safetensors(f"{folder}/answer.safetensors", answer)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
