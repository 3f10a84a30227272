"""Ablates recurrent layers with an explicit loop over the time steps, in float64; NumPy and nothing else.

Reads a JSON file: x [samples, time, in], labels, the directions of one recurrent layer (cell, weights, activations,
backwards), whether it gives all steps, and a dense softmax head. Prints, for no ablation and for each unit of each
direction clamped at every step to zero and to its mean at that step, the predictions and the mean cross-entropy.
"""

import json
import sys

import numpy as np

ACTIVATIONS = {
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "hardSigmoid": lambda x: np.clip(0.2 * x + 0.5, 0, 1),
    "relu": lambda x: np.maximum(x, 0),
}


def step(cell, x, h, c):
    """The states after one step, from the input and the states before."""
    kernel, recurrent, bias = cell["kernel"], cell["recurrent"], cell["bias"]
    act = ACTIVATIONS[cell["activation"]]
    gate = ACTIVATIONS[cell["recurrentActivation"]]
    units = h.shape[1]
    if cell["type"] == "SimpleRNN":
        return act(x @ kernel + bias + h @ recurrent), c
    if cell["type"] == "GRU":
        inputs = x @ kernel + bias
        z = gate(inputs[:, :units] + h @ recurrent[:, :units])
        r = gate(inputs[:, units : 2 * units] + h @ recurrent[:, units : 2 * units])
        proposed = act(inputs[:, 2 * units :] + (r * h) @ recurrent[:, 2 * units :])
        return z * h + (1 - z) * proposed, c
    i, f, g, o = np.split(x @ kernel + h @ recurrent + bias, 4, axis=1)
    c = gate(f) * c + gate(i) * act(g)
    return gate(o) * act(c), c


def states(cell, x, clamp):
    """All states [samples, time, units] in the order of their computation; clamp is (unit, value of each step)."""
    order = range(x.shape[1])[::-1] if cell["backwards"] else range(x.shape[1])
    h = np.zeros((x.shape[0], cell["recurrent"].shape[0]))
    c = np.zeros_like(h)
    found = []
    for k, t in enumerate(order):
        h, c = step(cell, x[:, t], h, c)
        if clamp is not None:
            h = h.copy()
            h[:, clamp[0]] = clamp[1][k]
        found.append(h)
    return np.stack(found, axis=1)


def outcome(study, x, clamps):
    """Predictions and mean cross-entropy with the clamps of the directions, None where there is none."""
    ways = []
    for index, (cell, clamp) in enumerate(zip(study["directions"], clamps)):
        found = states(cell, x, clamp)
        if not study["sequences"]:
            ways.append(found[:, -1])
        elif index == 1:
            ways.append(found[:, ::-1])
        else:
            ways.append(found)
    joined = np.concatenate(ways, axis=-1).reshape(x.shape[0], -1)
    logits = joined @ study["head"]["kernel"] + study["head"]["bias"]
    logits -= logits.max(axis=1, keepdims=True)
    losses = np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(logits)), study["labels"]]
    return {"predicted": logits.argmax(axis=1).tolist(), "loss": losses.mean()}


def main():
    with open(sys.argv[1]) as file:
        study = json.load(file)
    x = np.array(study["x"])
    for part in [*study["directions"], study["head"]]:
        for name in ("kernel", "recurrent", "bias"):
            if name in part:
                part[name] = np.array(part[name])
    none = [None] * len(study["directions"])
    result = {"none": outcome(study, x, none), "zero": [], "mean": []}
    for index, cell in enumerate(study["directions"]):
        means = states(cell, x, None).mean(axis=0)
        for operator in ("zero", "mean"):
            rows = []
            for unit in range(means.shape[1]):
                clamps = list(none)
                clamps[index] = (unit, means[:, unit] * (operator == "mean"))
                rows.append(outcome(study, x, clamps))
            result[operator].append(rows)
    print(json.dumps(result))


main()
