"""TensorFlow.js layers models in PyTorch: the same network, modules named as the layers, weights both ways.

Only the layers that the benchmark's networks have. A softmax at the end is left out: it changes no argmax.
"""

import json
import os

import numpy
import torch
from torch import nn
from torch.nn import functional


class Flatten(nn.Module):
    """Height, width, channels, as Keras flattens."""

    def forward(self, x):
        return (x.permute(0, 2, 3, 1) if x.dim() == 4 else x).flatten(1)


class Add(nn.Module):
    def forward(self, x, y):
        return x + y


class Pool(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))


class Convolution(nn.Module):
    """Padding `same` as TensorFlow has it: the odd pixel at the end."""

    def __init__(self, inputs, units, size, stride, groups, bias):
        super().__init__()
        self.size, self.stride = size, stride
        padding = size // 2 if stride == 1 else 0
        self.conv = nn.Conv2d(inputs, units, size, stride, padding, groups=groups, bias=bias)

    def forward(self, x):
        if self.stride > 1:
            total = [max((-(-n // self.stride) - 1) * self.stride + self.size - n, 0) for n in x.shape[2:]]
            top, left = total[0] // 2, total[1] // 2
            x = functional.pad(x, (left, total[1] - left, top, total[0] - top))
        return self.conv(x)


class Dense(nn.Module):
    def __init__(self, inputs, units, activation):
        super().__init__()
        self.linear = nn.Linear(inputs, units)
        self.rectify = activation == "relu"

    def forward(self, x):
        y = self.linear(x)
        return functional.relu_(y) if self.rectify else y


class Network(nn.Module):
    """Layers in order; each reads earlier values by name."""

    def __init__(self, steps):
        super().__init__()
        self.steps = [(name, inputs) for name, inputs, _ in steps]
        self.layers = nn.ModuleDict({name: layer for name, _, layer in steps if layer is not None})

    def forward(self, x):
        values = {}
        last = {source: name for name, inputs in self.steps for source in inputs}
        for name, inputs in self.steps:
            read = [values[source] for source in inputs]
            values[name] = x = self.layers[name](*read) if read else x
            for source in inputs:
                if last[source] == name:
                    values.pop(source, None)
        return x


def load(path):
    """The network of a `model.json`, in inference mode."""
    document, weights = read(path)
    topology = document["modelTopology"]
    topology = topology.get("model_config", topology)
    config = topology["config"]
    shapes = {name: value.shape for name, value in weights.items()}
    steps, previous = [], "input"
    if topology["class_name"] == "Sequential":
        steps.append((previous, [], None))
    for entry in config["layers"]:
        name = entry["config"]["name"]
        if topology["class_name"] == "Sequential":
            inputs, previous = [previous], name
        else:
            inputs = [node[0] for node in entry["inbound_nodes"][0]] if entry["inbound_nodes"] else []
        steps.append((name, inputs, layer_of(entry["class_name"], entry["config"], shapes)))
    network = Network(steps)
    with torch.no_grad():
        for (name, _), parameter in parameters_of(network).items():
            parameter.copy_(torch.from_numpy(to_torch(name, weights[name], parameter.dim())))
    return network.eval()


def store(network, path):
    """Writes the network's weights into the files of the `model.json` that it was loaded from."""
    document, weights = read(path)
    for (name, shape), parameter in parameters_of(network, weights).items():
        weights[name] = from_torch(name, parameter.detach().numpy(), len(shape))
    group = document["weightsManifest"][0]
    data = b"".join(numpy.ascontiguousarray(weights[w["name"]], "<f4").tobytes() for w in group["weights"])
    with open(os.path.join(os.path.dirname(path), group["paths"][0]), "wb") as file:
        file.write(data)


def read(path):
    with open(path) as file:
        document = json.load(file)
    weights = {}
    for group in document["weightsManifest"]:
        data = b""
        for shard in group["paths"]:
            with open(os.path.join(os.path.dirname(path), shard), "rb") as file:
                data += file.read()
        at = 0
        for entry in group["weights"]:
            count = int(numpy.prod(entry["shape"], dtype=int))
            values = numpy.frombuffer(data, "<f4", count, at)
            weights[entry["name"]] = values.reshape(entry["shape"]).copy()
            at += 4 * count
    return document, weights


def layer_of(kind, config, shapes):
    name = config["name"]
    if kind == "InputLayer":
        return None
    if kind == "Flatten":
        return Flatten()
    if kind == "Add":
        return Add()
    if kind == "GlobalAveragePooling2D":
        return Pool()
    if kind == "AveragePooling2D":
        return nn.AvgPool2d(config["pool_size"], config["strides"])
    if kind == "ReLU":
        return nn.ReLU6(inplace=True) if config.get("max_value") == 6 else nn.ReLU(inplace=True)
    if kind == "BatchNormalization":
        return nn.BatchNorm2d(shapes[name + "/gamma"][0], eps=config["epsilon"])
    if kind == "Dense":
        return Dense(*shapes[name + "/kernel"], config["activation"])
    if kind == "Conv2D":
        size, _, inputs, units = shapes[name + "/kernel"]
        return Convolution(inputs, units, size, config["strides"][0], 1, config["use_bias"])
    if kind == "DepthwiseConv2D":
        size, _, inputs, _ = shapes[name + "/depthwise_kernel"]
        return Convolution(inputs, inputs, size, config["strides"][0], inputs, config["use_bias"])
    raise ValueError(f"{kind} has no counterpart here")


def parameters_of(network, weights=None):
    """(Keras name, Keras shape or None) → parameter or buffer."""
    found = {}

    def add(name, value):
        found[(name, None if weights is None else weights[name].shape)] = value

    for name, layer in network.layers.items():
        if isinstance(layer, Dense):
            add(name + "/kernel", layer.linear.weight)
            add(name + "/bias", layer.linear.bias)
        elif isinstance(layer, Convolution):
            add(name + ("/kernel" if layer.conv.groups == 1 else "/depthwise_kernel"), layer.conv.weight)
            if layer.conv.bias is not None:
                add(name + "/bias", layer.conv.bias)
        elif isinstance(layer, nn.BatchNorm2d):
            add(name + "/gamma", layer.weight)
            add(name + "/beta", layer.bias)
            add(name + "/moving_mean", layer.running_mean)
            add(name + "/moving_variance", layer.running_var)
    return found


def to_torch(name, value, axes):
    if axes == 2:
        return value.T.copy()
    if axes == 4:
        order = (2, 3, 0, 1) if name.endswith("depthwise_kernel") else (3, 2, 0, 1)
        return value.transpose(order).copy()
    return value


def from_torch(name, value, axes):
    if axes == 2:
        return value.T
    if axes == 4:
        return value.transpose((2, 3, 0, 1) if name.endswith("depthwise_kernel") else (2, 3, 1, 0))
    return value
