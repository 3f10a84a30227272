"""Small models of Keras 3 and Keras 2, each with one kind of layer or operation: prints a JSON list of
{title, config, weights: [[layer, arrays]], x, y}, y being what Keras predicts for x in float32."""

import json
import os

os.environ["CUDA_VISIBLE_DEVICES"] = ""
import numpy as np
import keras
import tensorflow as tf
import tf_keras

MADE = []


def leaves(model):
    for layer in model.layers:
        inner = getattr(layer, "layers", None)
        if inner is not None:
            yield from leaves(layer)
        else:
            yield layer


def keep(title, model):
    seed = len(MADE)
    random = np.random.default_rng(seed)
    seen = set()
    weights = []
    for layer in leaves(model):
        if layer.name in seen or not layer.get_weights():
            continue
        seen.add(layer.name)
        values = []
        for weight, variable in zip(layer.get_weights(), layer.weights):
            made = random.normal(size=weight.shape) * 0.5
            if "variance" in variable.name:
                made = np.abs(made) + 0.5
            values.append(made.astype(weight.dtype))
        layer.set_weights(values)
        if hasattr(layer, "finalize_state"):
            layer.finalize_state()
        weights.append([layer.name, [{"shape": v.shape, "data": v.ravel().tolist()} for v in values]])
    shape = [3, *model.inputs[0].shape[1:]]
    x = (random.normal(size=shape) * 2).astype("float32")
    y = np.asarray(model(x, training=False))
    MADE.append(
        {
            "title": title,
            "config": json.loads(model.to_json()),
            "weights": weights,
            "x": {"shape": shape, "data": x.ravel().tolist()},
            "y": y.ravel().tolist(),
        }
    )


def dialect(k, which):
    L = k.layers

    def chain(title, shape, *layers):
        model = k.Sequential([k.Input(shape), *layers, L.Flatten(), L.Dense(3, activation="softmax")])
        keep(f"{which}: {title}", model)

    def graph(title, shape, build):
        x = k.Input(shape)
        scores = L.Dense(3, activation="softmax")(L.Flatten()(build(x)))
        keep(f"{which}: {title}", k.Model(x, scores))

    sequence, image, film = (6, 4), (8, 6, 4), (4, 4, 4, 2)
    for reset in [True, False]:
        chain(f"GRU, reset_after {reset}", sequence, L.GRU(5, reset_after=reset, return_sequences=True))
    chain("GRU without bias, backwards", sequence, L.GRU(5, use_bias=False, go_backwards=True))
    chain("two-way GRU", sequence, L.Bidirectional(L.GRU(3, return_sequences=True)))
    chain("two-way LSTM, added", sequence, L.Bidirectional(L.LSTM(3), merge_mode="sum"))
    chain("simple RNN", sequence, L.SimpleRNN(3))
    chain("stacked cells", sequence, L.RNN([L.LSTMCell(3), L.GRUCell(4)]))
    chain("every step", sequence, L.TimeDistributed(L.Dense(3, activation="relu")))
    chain("statistics given", sequence, L.Normalization(mean=[1.0, 2, 3, 4], variance=[4.0, 1, 0.5, 2]))
    chain("statistics given, inverted", sequence, L.Normalization(mean=1.0, variance=4.0, axis=None, invert=True))
    chain("statistics found", image, L.Normalization())
    chain("statistics of positions", sequence, L.Normalization(axis=1))
    chain("rescaling", image, L.Rescaling(1 / 127.5, offset=-1))
    chain("rescaling by channel", image, L.Rescaling([0.5, 1, 2, 4], offset=[1, 2, 3, 4]))
    chain("group normalization", image, L.GroupNormalization(2))
    chain("instance normalization", image, L.GroupNormalization(-1, center=False))
    chain("layer normalization", image, L.LayerNormalization())
    chain("unit normalization", image, L.UnitNormalization(axis=-1))
    chain("batch normalization", image, L.Conv2D(3, 2), L.BatchNormalization(), L.Activation("relu"))
    chain("dropouts", image, L.SpatialDropout2D(0.3), L.GaussianDropout(0.2), L.AlphaDropout(0.1), L.Dropout(0.5))
    chain("augmentation", image, L.RandomFlip(), L.RandomRotation(0.1), L.RandomZoom(0.2), L.RandomContrast(0.1))
    chain("padding and cropping over time", sequence, L.ZeroPadding1D((1, 2)), L.Cropping1D((2, 0)), L.UpSampling1D(3))
    chain("padding and cropping of films", film, L.ZeroPadding3D((1, 2, 0)), L.Cropping3D(((0, 1), (1, 0), (1, 1))), L.UpSampling3D((1, 2, 1)))
    chain("pooling of films", film, L.Conv3D(3, 2), L.GlobalAveragePooling3D())
    chain("maxima of films", film, L.GlobalMaxPooling3D())
    chain("pooling that keeps axes", image, L.GlobalAveragePooling2D(keepdims=True))
    chain("maxima that keep axes", sequence, L.GlobalMaxPooling1D(keepdims=True))
    chain("bilinear upsampling", image, L.UpSampling2D((2, 3), interpolation="bilinear"))
    chain("nearest upsampling", image, L.UpSampling2D(2))
    chain("resizing, smaller", image, L.Resizing(5, 5))
    chain("resizing, larger, nearest", image, L.Resizing(11, 9, interpolation="nearest"))
    chain("centre crop", image, L.CenterCrop(5, 3))
    chain("depthwise over time", sequence, L.DepthwiseConv1D(3, depth_multiplier=2, padding="same", activation="relu"))
    chain("depthwise with gaps", image, L.DepthwiseConv2D(2, dilation_rate=2, padding="same"))
    chain("separable over time", sequence, L.SeparableConv1D(5, 3, strides=2, depth_multiplier=2, activation="relu"))
    chain("separable", image, L.SeparableConv2D(5, 3, padding="same"))
    chain("groups", image, L.Conv2D(6, 3, groups=2, padding="same", activation="relu"))
    chain("groups over time", sequence, L.Conv1D(6, 3, groups=2, dilation_rate=2))
    chain("causal", sequence, L.Conv1D(6, 3, dilation_rate=2, padding="causal"))
    chain("transposed over time", sequence, L.Conv1DTranspose(5, 3, strides=2))
    chain("transposed over time, same", sequence, L.Conv1DTranspose(5, 3, strides=2, padding="same"))
    chain("transposed", image, L.Conv2DTranspose(5, 3, strides=2, padding="same"))
    chain("channels first", image, L.Permute((3, 1, 2)), L.MaxPooling2D(2, data_format="channels_first"))
    chain("rectifiers", image, L.ReLU(max_value=1.5, negative_slope=0.1, threshold=0.5), L.LeakyReLU(0.2), L.ELU(0.7), L.PReLU())
    chain("capped rectifier", image, L.ReLU(max_value=1.0))
    chain("own slope", image, L.Dense(4, activation=L.LeakyReLU(0.07)))
    for name in "relu6 elu selu sigmoid hard_sigmoid softplus softsign tanh gelu swish mish exponential leaky_relu".split():
        chain(f"activation {name}", image, L.Dense(4, activation=name))
    graph("difference", image, lambda x: L.Subtract()([L.Conv2D(3, 2)(x), L.Conv2D(3, 2)(x)]))

    def joins(x):
        a, b = L.Conv2D(3, 2, activation="relu")(x), L.Conv2D(3, 2)(x)
        all_of = [L.Add()([a, b]), L.Multiply()([a, b]), L.Average()([a, b]), L.Maximum()([a, b]), L.Minimum()([a, b])]
        return L.Concatenate()(all_of)

    graph("joins", image, joins)

    def operators(x):
        y = (x / 2.0 - 1) * 3
        a, b = L.Conv2D(3, 2)(1 - y), L.Conv2D(3, 2)(y)
        return (a + b) * b - a

    graph("operators", image, operators)

    def shared(x):
        d, e = L.Dense(4, activation="relu"), L.Dense(4)
        return d(e(d(L.Dense(4)(d(x)))))

    graph("shared layers", sequence, shared)

    def early(x):
        d = L.Dense(4)
        late = d(L.Dense(4, activation="relu")(L.Dense(4, activation="relu")(x)))
        return L.Subtract()([late, d(x)])

    graph("a shared layer whose second call can be made before its first", sequence, early)

    inner = k.Sequential([k.Input((4,)), L.Dense(4, activation="relu")])
    other = k.Input((4,))
    nested = k.Model(other, L.Add()([inner(other), inner(inner(other))]))
    graph("models in models", (4,), lambda x: L.Add()([nested(x), nested(inner(x))]))

    def states(x):
        _, h, c = L.LSTM(3, return_state=True)(x)
        return L.LSTM(3)(x, initial_state=[h, c])

    graph("states of others", sequence, states)


dialect(keras, "Keras 3")
dialect(tf_keras, "Keras 2")

L3 = keras.layers


def three(title, shape, build):
    x = keras.Input(shape)
    scores = L3.Dense(3, activation="softmax")(L3.Flatten()(build(x)))
    keep(f"Keras 3: {title}", keras.Model(x, scores))


def two(title, shape, build):
    L = tf_keras.layers
    x = tf_keras.Input(shape)
    scores = L.Dense(3, activation="softmax")(L.Flatten()(build(x)))
    keep(f"Keras 2: {title}", tf_keras.Model(x, scores))


ops = keras.ops
three("RMS normalization", (6, 4), lambda x: L3.RMSNormalization()(x))
three("identity", (6, 4), lambda x: L3.Identity()(x))
for name in "hard_silu celu log_sigmoid squareplus hard_tanh tanh_shrink soft_shrink hard_shrink sparse_plus log_softmax".split():
    three(f"activation {name}", (6, 4), lambda x: L3.Dense(4, activation=name)(x))
for name in "relu relu6 sigmoid tanh silu gelu softplus leaky_relu elu selu hard_sigmoid softmax exp".split():
    three(f"operation {name}", (6, 4), lambda x: getattr(ops, name)(x))
three("operation gelu, exact", (6, 4), lambda x: ops.gelu(x, approximate=False))
three("operation mean", (8, 6, 4), lambda x: ops.mean(L3.Conv2D(3, 2)(x), axis=[1, 2], keepdims=True))
three("operation max", (8, 6, 4), lambda x: ops.max(x, axis=(1, 2)))
three("operations concatenate and reshape", (4,), lambda x: ops.reshape(ops.concatenate([x, -x], axis=-1), (-1, 2, 4)))
three("operation maximum", (4,), lambda x: ops.maximum(x, 0) + ops.minimum(x, -x))
two("operations of TensorFlow", (8, 6, 4), lambda x: tf.nn.relu(tf.concat([x, tf.sigmoid(x)], -1)) + 1.5)
two("operations reduce_mean and reshape", (8, 6, 4), lambda x: tf.reshape(tf.reduce_mean(x, [1, 2]), [-1, 2, 2]))
two("separable over time, causal", (6, 4), lambda x: tf_keras.layers.SeparableConv1D(5, 3, padding="causal")(x))
two("operation leaky_relu", (4,), lambda x: tf.constant(2.0) * tf.nn.leaky_relu(x, alpha=0.1))

print(json.dumps(MADE))
