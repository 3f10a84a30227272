"""
Clamps units of one site to zero while Keras runs its own model: the call of the layer, or of the recurrent layer's
cell at every step, gives its output multiplied by a mask. Nothing else is changed.
"""

import itertools
from contextlib import contextmanager

import tensorflow as tf


def find_layer(model, name):
    """The layer of that name in a model or in the models inside it."""
    for layer in model.layers:
        if layer.name == name:
            return layer
        inner = find_layer(layer, name) if hasattr(layer, "layers") else None
        if inner is not None:
            return inner
    return None


def find_site(k, model, site):
    """What is called at a site, and which of its calls it is (None: every call)."""
    name, _, call = site.partition("@")
    for way in ("forward", "backward"):
        if name.endswith(f"/{way}"):
            both = find_layer(model, name.removesuffix(f"/{way}"))
            return plain_cell(getattr(both, f"{way}_layer")), None
    layer = find_layer(model, name)
    if layer is None:
        raise ValueError(f"{model.name} has no layer {name}")
    if isinstance(layer, k.layers.RNN):
        return plain_cell(layer), None
    return layer, int(call or 0)


def plain_cell(layer):
    """A recurrent layer's cell; Keras 2 would else run a kernel that never calls it."""
    if hasattr(layer, "_could_use_gpu_kernel"):
        layer._could_use_gpu_kernel = False
    return layer.cell


@contextmanager
def clamped(k, model, site, mask):
    """
    While it lasts the model runs with the units of a site masked.

    `mask` [samples, units] is 1 where a unit is left alone and 0 where it is clamped.
    """
    target, wanted = find_site(k, model, site)
    call = target.call
    calls = itertools.count()

    def masked(values):
        between = [1] * (len(values.shape) - 2)
        return values * tf.cast(mask.reshape(len(mask), *between, -1), values.dtype)

    def clamping(*args, **kwargs):
        result = call(*args, **kwargs)
        at = next(calls)
        if isinstance(result, tuple):
            output, states = result
            first = masked(output)
            rest = [first, *states[1:]] if isinstance(states, (list, tuple)) else first
            return first, rest
        return masked(result) if wanted is None or at == wanted else result

    object.__setattr__(target, "call", clamping)
    try:
        yield
    finally:
        object.__setattr__(target, "call", call)
