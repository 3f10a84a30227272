"""Dense layers, with every activation, in every place."""

import numpy as np

from shapes import chain, network, scores, slope


@network("mlp")
def mlp(k):
    L = k.layers
    return chain(
        k,
        (12,),
        L.Dense(8, activation="relu", name="one"),
        L.Dropout(0.2),
        L.Dense(6, activation="relu", name="two"),
    )


def branches(k, layers):
    """Several ways from one input, joined before the scores."""
    x = k.layers.Input((5,))
    ends = []
    for way in layers:
        y = x
        for layer in way:
            y = layer(y)
        ends.append(y)
    return k.Model(x, scores(k)(k.layers.Concatenate()(ends)))


def fused(k, names):
    return branches(k, [[k.layers.Dense(3, activation=name, name=name)] for name in names])


@network("activations")
def activations(k):
    names = ["elu", "selu", "softplus", "softsign", "tanh", "sigmoid", "hard_sigmoid", "gelu", "exponential", "mish"]
    return fused(k, [*names, "relu", "swish"])


@network("activations of Keras 3")
def newer_activations(k):
    return fused(k, ["relu6", "leaky_relu", "hard_silu"])


@network("rare activations")
def rare_activations(k):
    names = ["celu", "hard_tanh", "tanh_shrink", "soft_shrink", "hard_shrink", "squareplus", "log_sigmoid"]
    return fused(k, [*names, "sparse_plus", "sparse_sigmoid"])


@network("softmax inside")
def softmax_inside(k):
    L = k.layers
    return branches(k, [[L.Dense(4, name="weights"), L.Softmax()], [L.Dense(3, activation="relu", name="plain")]])


@network("activation layers")
def activation_layers(k):
    L = k.layers
    dense = lambda: L.Dense(4)
    return branches(
        k,
        [
            [dense(), L.Activation("tanh", name="tanh")],
            [dense(), L.ReLU(name="relu")],
            [dense(), L.ReLU(max_value=0.7, name="cut")],
            [dense(), L.LeakyReLU(name="leaky")],
            [dense(), L.LeakyReLU(name="leaky_steep", **slope(k, 0.1))],
            [dense(), L.PReLU(name="learned")],
            [dense(), L.ELU(alpha=0.7, name="elu")],
            [dense(), L.BatchNormalization(), L.Activation("relu", name="normed")],
        ],
    )


@network("ReLU with a slope and a threshold")
def relu_parts(k):
    L = k.layers
    return branches(
        k,
        [
            [L.Dense(4), L.ReLU(negative_slope=0.2, name="sloped")],
            [L.Dense(4), L.ReLU(threshold=0.4, name="from_threshold")],
            [L.Dense(4), L.ReLU(max_value=1.0, negative_slope=0.2, threshold=0.3, name="all")],
        ],
    )


@network("sigmoid head")
def sigmoid_head(k):
    L = k.layers
    return k.Sequential(
        [
            L.Input((6,)),
            L.Dense(5, activation="tanh", name="hidden"),
            L.Dense(1, activation="sigmoid", name="scores"),
        ]
    )


@network("logits")
def logits(k):
    L = k.layers
    return k.Sequential([L.Input((6,)), L.Dense(5, activation="relu", name="hidden"), L.Dense(3, name="scores")])


@network("softmax as a layer")
def softmax_layer(k):
    L = k.layers
    return k.Sequential(
        [L.Input((6,)), L.Dense(5, activation="relu", name="hidden"), L.Dense(3, name="scores"), L.Softmax()]
    )


@network("activation softmax as a layer")
def softmax_activation(k):
    L = k.layers
    return k.Sequential(
        [
            L.Input((6,)),
            L.Dense(5, activation="relu", name="hidden"),
            L.Dense(3, name="scores"),
            L.Activation("softmax"),
        ]
    )


@network("normalized input")
def normalized_input(k):
    L = k.layers
    normal = L.Normalization(name="normal")
    normal.adapt(np.random.default_rng(5).normal(2, 3, (50, 6)).astype("float32"))
    return chain(k, (6,), normal, L.Dense(5, activation="relu", name="hidden"))


@network("normalized input, given numbers")
def normalized_by_numbers(k):
    L = k.layers
    return chain(
        k,
        (4,),
        L.Normalization(mean=[0.1, 0.2, -0.3, 0.4], variance=[1.0, 2.0, 0.5, 0.25], name="normal"),
        L.Dense(5, activation="relu", name="hidden"),
    )


@network("normalizations")
def normalizations(k):
    L = k.layers
    return chain(
        k,
        (6,),
        L.Rescaling(0.5, offset=0.1),
        L.Dense(5, use_bias=False, name="first"),
        L.LayerNormalization(),
        L.ReLU(),
        L.Dense(4, activation="tanh", name="second"),
        L.BatchNormalization(scale=False, center=False),
        L.Dense(4, name="third"),
        L.BatchNormalization(epsilon=0.01),
        L.Activation("sigmoid", name="third_end"),
    )


@network("unit normalization")
def unit_normalization(k):
    L = k.layers
    return chain(k, (6,), L.Dense(5, activation="relu", name="hidden"), L.UnitNormalization())


@network("RMS normalization")
def rms_normalization(k):
    L = k.layers
    return chain(k, (6,), L.Dense(5, activation="relu", name="hidden"), L.RMSNormalization())


@network("noise and dropout")
def noise(k):
    L = k.layers
    return chain(
        k,
        (6,),
        L.GaussianNoise(0.3),
        L.Dense(5, name="first"),
        L.GaussianDropout(0.2),
        L.AlphaDropout(0.1),
        L.Activation("relu", name="end"),
        L.ActivityRegularization(l2=0.01),
        L.Dense(4, kernel_regularizer="l2", kernel_constraint="max_norm", activation="elu", name="second"),
        L.Dropout(0.4, seed=3),
    )


@network("identity")
def identity(k):
    L = k.layers
    return chain(k, (6,), L.Dense(5, name="first"), L.Identity(), L.Activation("relu", name="end"))


@network("names of every kind")
def odd_names(k):
    L = k.layers
    return chain(
        k,
        (6,),
        L.Dense(5, activation="relu", name="tiefe Schicht ä 層"),
        L.Dense(4, activation="relu", name="vars"),
        L.Dense(3, activation="relu", name="dense_1.kernel:0"),
    )


@network("half precision")
def half_precision(k):
    L = k.layers
    policy = "mixed_float16"
    return k.Sequential(
        [
            L.Input((6,)),
            L.Dense(5, activation="relu", dtype=policy, name="hidden"),
            L.Dense(4, activation="relu", dtype=policy, name="second"),
            L.Dense(3, activation="softmax", dtype="float32", name="scores"),
        ]
    )


@network("double precision")
def double_precision(k):
    L = k.layers
    return k.Sequential(
        [
            L.Input((6,)),
            L.Dense(5, activation="relu", dtype="float64", name="hidden"),
            L.Dense(3, activation="softmax", dtype="float64", name="scores"),
        ]
    )
