"""
Makes networks with Keras 3 and Keras 2 and converts them as `tensorflowjs_converter` does: graph models of both, and
layers models of those of Keras 2. Writes them into the folder that is its argument, and `made.json`, which lists them.

The converter's package (tensorflowjs 4.22.0) asks for packages that converting these does not use (JAX, TensorFlow Hub,
decision forests) and that its TensorFlow no longer works with: empty modules stand in for them.
"""

import json
import pathlib
import sys
import types

import keras
import numpy as np
import tf_keras

for name in ("tensorflow_decision_forests", "tensorflow_hub", "jax", "jax.experimental", "jax.experimental.jax2tf"):
    sys.modules.setdefault(name, types.ModuleType(name))
sys.modules["jax.experimental"].jax2tf = sys.modules["jax.experimental.jax2tf"]

from tensorflowjs.converters import keras_h5_conversion  # noqa: E402
from tensorflowjs.converters import tf_saved_model_conversion_v2  # noqa: E402


def scores(L, x):
    return L.Dense(3, activation="softmax", name="scores")(x)


def mlp(K):
    L = K.layers
    i = L.Input((20,))
    x = L.Dense(16, activation="relu")(i)
    x = L.Dropout(0.4)(x)
    x = L.Dense(12, activation="elu")(x)
    return K.Model(i, scores(L, x))


def cnn(K):
    L = K.layers
    i = L.Input((12, 12, 2))
    x = L.Conv2D(6, 3, use_bias=False)(i)
    x = L.BatchNormalization()(x)
    x = L.ReLU()(x)
    x = L.MaxPooling2D(2)(x)
    x = L.Conv2D(7, 3, activation="relu", padding="same")(x)
    x = L.BatchNormalization()(x)
    x = L.Conv2D(5, 2, strides=2, activation="elu")(x)
    x = L.Flatten()(x)
    x = L.Dense(9, activation="relu")(x)
    return K.Model(i, scores(L, x))


def residual(K):
    L = K.layers
    i = L.Input((8, 8, 3))
    x = L.Conv2D(6, 3, padding="same", activation="relu")(i)
    y = L.Conv2D(5, 3, padding="same", activation="relu")(x)
    y = L.Conv2D(6, 3, padding="same")(y)
    x = L.Activation("relu")(L.Add()([x, y]))
    z = L.Conv2D(4, 1, activation="relu")(x)
    x = L.Concatenate()([x, z])
    x = L.GlobalAveragePooling2D()(x)
    return K.Model(i, scores(L, x))


def mobile(K):
    L = K.layers
    i = L.Input((13, 13, 3))

    def normed(x, layer):
        return L.ReLU(6.0)(L.BatchNormalization()(layer(x)))

    x = normed(i, L.Conv2D(6, 3, strides=2, padding="same", use_bias=False))
    x = normed(x, L.DepthwiseConv2D(3, padding="same", use_bias=False))
    x = normed(x, L.Conv2D(8, 1, use_bias=False))
    x = L.ZeroPadding2D(((0, 1), (0, 1)))(x)
    x = normed(x, L.DepthwiseConv2D(3, strides=2, use_bias=False))
    x = normed(x, L.Conv2D(10, 1, use_bias=False))
    x = L.GlobalAveragePooling2D()(x)
    return K.Model(i, scores(L, x))


def sequence(K):
    L = K.layers
    i = L.Input((12,), dtype="int32")
    x = L.Embedding(20, 6)(i)
    x = L.Conv1D(8, 3, activation="relu")(x)
    x = L.Conv1D(8, 3, padding="causal", dilation_rate=2)(x)
    x = L.BatchNormalization()(x)
    x = L.LeakyReLU()(x)
    x = L.Dense(7, activation="tanh")(x)
    x = L.GlobalAveragePooling1D()(x)
    return K.Model(i, scores(L, x))


def mixed(K):
    L = K.layers
    i = L.Input((11, 11, 3))
    x = L.Conv2D(4, 3, dilation_rate=2, activation="relu")(i)
    x = L.Conv2D(6, 3, strides=2, activation="swish")(x)
    x = L.PReLU(shared_axes=[1, 2])(x)
    x = L.UpSampling2D()(x)
    s = L.GlobalAveragePooling2D(keepdims=True)(x)
    s = L.Conv2D(6, 1, activation="sigmoid")(s)
    x = L.Multiply()([x, s])
    x = L.Conv2DTranspose(5, 3, padding="same", activation="relu")(x)
    x = L.AveragePooling2D(2)(x)
    x = L.Permute((2, 1, 3))(x)
    x = L.GlobalMaxPooling2D()(x)
    return K.Model(i, scores(L, x))


def heads(K):
    L = K.layers
    i, j = L.Input((10,), name="left"), L.Input((4,), name="right")
    x = L.Concatenate()([L.Dense(8, activation="relu")(i), j])
    x = L.Dense(9, activation="relu")(x)
    return K.Model([i, j], [scores(L, x), L.Dense(1, activation="sigmoid", name="other")(x)])


def recurrent(K):
    L = K.layers
    i = L.Input((6, 3))
    return K.Model(i, scores(L, L.LSTM(4)(i)))


NETWORKS = (mlp, cnn, residual, mobile, sequence, mixed, heads, recurrent)
QUANTISED = {"uint8": {"uint8": "*"}, "uint16": {"uint16": "*"}, "float16": {"float16": "*"}}


def seed_weights(model):
    """Weights as of a trained network: no bias is 0, batch norms do something, and the classes are told apart."""
    numbers = np.random.default_rng(7)
    model.set_weights([w + numbers.uniform(-0.2, 0.2, w.shape).astype("float32") for w in model.get_weights()])
    if len(model.inputs) > 1:
        return
    shape = (200, *model.inputs[0].shape[1:])
    is_words = "int" in str(model.inputs[0].dtype)
    x = numbers.integers(0, 20, shape).astype("int32") if is_words else numbers.uniform(-2, 2, shape).astype("float32")
    kernel, bias = model.get_layer("scores").get_weights()
    spread = np.log(np.asarray(model(x)) + 1e-30).std(axis=0).mean()
    model.get_layer("scores").set_weights([kernel * min(2 / spread, 1e3), bias])
    shift = np.log(np.asarray(model(x)) + 1e-30).mean(axis=0)
    model.get_layer("scores").set_weights([kernel * min(2 / spread, 1e3), bias - shift])


def predicted(model):
    """Some samples and what Keras predicts of them: `{"x": [...], "y": [...]}`, flat; None with several inputs."""
    if len(model.inputs) > 1 or len(model.outputs) > 1:
        return None
    numbers = np.random.default_rng(8)
    shape = (6, *model.inputs[0].shape[1:])
    is_words = "int" in str(model.inputs[0].dtype)
    x = numbers.integers(0, 20, shape).astype("int32") if is_words else numbers.uniform(-2, 2, shape).astype("float32")
    return {"x": x.ravel().tolist(), "shape": list(shape), "y": np.asarray(model(x)).ravel().tolist()}


def main():
    folder = pathlib.Path(sys.argv[1])
    made = []
    for version, k in ((3, keras), (2, tf_keras)):
        for network in NETWORKS:
            name = f"{network.__name__}-keras{version}"
            k.backend.clear_session()
            k.utils.set_random_seed(11)
            model = network(k)
            seed_weights(model)
            saved = str(folder / name / "saved")
            if version == 3:
                model.export(saved, verbose=False)
            else:
                model.save(saved)
            convert = tf_saved_model_conversion_v2.convert_tf_saved_model
            convert(saved, str(folder / name / "graph"))
            files = {"graph": f"{name}/graph/model.json"}
            if network is cnn and version == 2:
                for kind, types_ in QUANTISED.items():
                    convert(saved, str(folder / name / kind), quantization_dtype_map=types_)
                    files[kind] = f"{name}/{kind}/model.json"
            if version == 2 and network in (mlp, cnn, residual, mobile):
                keras_h5_conversion.save_keras_model(model, str(folder / name / "layers"))
                files["layers"] = f"{name}/layers/model.json"
            entry = {"name": network.__name__, "keras": version, "files": files, "predicted": predicted(model)}
            made.append(entry)
    (folder / "made.json").write_text(json.dumps(made))


main()
