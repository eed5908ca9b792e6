"""torchvision's network of a name, with weights drawn at random: what the parity test compares with.

usage: torchvision_parity.py NAME SIZE FOLDER

Writes FOLDER/weights.pth and FOLDER/weights.safetensors (the same state dict), FOLDER/renamed.pth (the same weights as
another library keeps them: names of its own, the layer before the last a convolution of 1x1), and
FOLDER/answer.safetensors: an input (height, width, channels), the logits it gives, and how many parameters the network
learns.
"""
import json
import struct
import sys

import torch
import torchvision

TYPES = {torch.float32: "F32", torch.int64: "I64"}


def write_safetensors(path, tensors):
    header, data = {}, b""
    for name, tensor in sorted(tensors.items()):
        values = tensor.detach().contiguous().numpy().tobytes()
        header[name] = {
            "dtype": TYPES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(values)],
        }
        data += values
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def stir(net):
    """Batch norms that do something: a swapped mean and shift would show."""
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.weight.data.uniform_(0.5, 1.5)
            module.bias.data.normal_(0, 0.2)
            module.running_mean.normal_(0, 0.2)
            module.running_var.uniform_(0.5, 1.5)


def renamed(state):
    layers, out = {}, {}
    for key, value in state.items():
        layer, part = key.rsplit(".", 1)
        number = layers.setdefault(layer, len(layers))
        if layer == "classifier.0" and part == "weight":
            value = value[:, :, None, None]
        out[f"blocks.{number}.{part}"] = value
    return out


def main(name, size, folder):
    torch.manual_seed(1)
    net = getattr(torchvision.models, name)().eval()
    stir(net)
    picture = torch.randn(1, 3, size, size)
    with torch.no_grad():
        logits = net(picture)[0]
    state = net.state_dict()
    torch.save(state, f"{folder}/weights.pth")
    if name != "alexnet":  # a quarter of a gigabyte once is enough
        write_safetensors(f"{folder}/weights.safetensors", state)
        torch.save(renamed(state), f"{folder}/renamed.pth")
    answer = {
        "input": picture[0].permute(1, 2, 0),
        "logits": logits,
        "parameters": torch.tensor([sum(p.numel() for p in net.parameters())]),
    }
    write_safetensors(f"{folder}/answer.safetensors", answer)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
