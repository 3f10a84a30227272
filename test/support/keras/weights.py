"""Seeded weights that are no special numbers, and scores under which every class is some sample's best."""

import re

import numpy as np

# What a Normalization layer has from its data, and computes with in another form.
ADAPTED = re.compile(r"(normal/)?(mean|variance)(:0)?$")


def seed_weights(model, seed):
    """Gives every weight of floating point a random value of a size that keeps activations near 1."""
    numbers = np.random.default_rng(seed)
    for variable in model.weights:
        name = getattr(variable, "path", variable.name)
        if "float" not in str(variable.dtype) or ADAPTED.match(name):
            continue
        shape = tuple(variable.shape)
        values = numbers.normal(size=shape)
        if "variance" in name:
            values = 0.5 + np.abs(values)
        elif "gamma" in name:
            values = 1 + 0.3 * values
        elif len(shape) < 2:
            values = 0.3 * values
        elif "depthwise" in name:
            values *= np.sqrt(2 / np.prod(shape[:-2]))
        elif "embeddings" not in name:
            values *= np.sqrt(2 / np.prod(shape[:-1]))
        variable.assign(values.astype("float64" if "64" in str(variable.dtype) else "float32"))


def log_scores(p):
    """Scores [samples, classes] on the scale of logits, from probabilities, one probability, or logits."""
    p = np.asarray(p, "float64")
    if p.shape[1] == 1:
        p = np.clip(p, 1e-12, 1 - 1e-12)
        return np.concatenate([np.zeros_like(p), np.log(p / (1 - p))], axis=1)
    is_softmax = np.all(p >= 0) and np.allclose(p.sum(axis=1), 1, atol=1e-3)
    return np.log(np.maximum(p, 1e-30)) if is_softmax else p


def spread_scores(layer, predict):
    """
    Scales and moves the scores' layer so that the classes are told apart by about 1.5 and none is ahead of the
    others. `predict` gives the scores of the samples with the weights as they are.
    """
    kernel, bias = layer.get_weights()
    found = log_scores(predict())
    kernel = kernel * (1.5 / (found - found.mean(axis=0)).std())
    layer.set_weights([kernel, bias])
    found = log_scores(predict())
    ahead = found.mean(axis=0) - found.mean() if kernel.shape[1] > 1 else np.median(found[:, 1:], axis=0)
    layer.set_weights([kernel, bias - ahead])
