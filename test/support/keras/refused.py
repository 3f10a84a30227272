"""Models that cannot be analysed, or not in this format, each for a reason of its own."""

import numpy as np
import tensorflow as tf


def make_refused(folder, keras, tf_keras):
    """@returns the files by what is wrong with them, relative to the parent of the folder"""
    folder.mkdir()
    files = {}

    def save(what, model, ending="keras"):
        file = folder / f"{what.replace(' ', '-')}.{ending}"
        model.save(file)
        files[what] = f"{folder.name}/{file.name}"

    for k, version in ((keras, 3), (tf_keras, 2)):
        L = k.layers
        scores = lambda: L.Dense(3, activation="softmax", name="scores")

        class Doubling(L.Layer):
            def call(self, x):
                return x * 2

        class Model(k.Model):
            def __init__(self):
                super().__init__()
                self.one = scores()

            def call(self, x):
                return self.one(x)

        lambda_ = k.Sequential([L.Input((4,)), L.Lambda(lambda x: x * 2, name="twice"), scores()])
        custom = k.Sequential([L.Input((4,)), Doubling(name="double"), scores()])
        for ending in ("keras", "h5"):
            save(f"lambda {version} {ending}", lambda_, ending)
            save(f"custom {version} {ending}", custom, ending)
        x = L.Input((5, 4))
        heard = L.MultiHeadAttention(2, 3, name="heard")(x, x)
        save(f"attention {version}", k.Model(x, scores()(L.GlobalAveragePooling1D()(heard))))
        save(
            f"masking {version}",
            k.Sequential([L.Input((5, 3)), L.Masking(name="skip"), L.LSTM(3), scores()]),
        )
        save(f"regression {version}", k.Sequential([L.Input((4,)), L.Dense(3, activation="relu"), L.Dense(1)]))
        subclassed = Model()
        subclassed(np.zeros((1, 4), "float32"))
        save(f"subclassed {version}", subclassed)

    L = keras.layers
    x = L.Input((4,))
    ordered = keras.ops.sort(L.Dense(4, activation="relu")(x))
    save("operation 3", keras.Model(x, L.Dense(3, activation="softmax")(ordered)))
    padded = L.Conv2DTranspose(2, 3, strides=2, output_padding=1, name="up")
    save("output padding 3", keras.Sequential([L.Input((4, 4, 1)), padded, L.Flatten(), L.Dense(3, activation="softmax")]))
    int8 = keras.Sequential([L.Input((4,)), L.Dense(4, activation="relu", name="inner"), L.Dense(3, name="scores")])
    int8.quantize("int8")
    save("int8 3", int8)

    x = tf_keras.layers.Input((4,))
    y = tf.sort(tf_keras.layers.Dense(4, activation="relu")(x))
    ordered = tf_keras.Model(x, tf_keras.layers.Dense(3, activation="softmax")(y))
    save("operation 2 keras", ordered)
    save("operation 2 h5", ordered, "h5")

    plain = keras.Sequential([L.Input((4,)), L.Dense(4, activation="relu"), L.Dense(3, activation="softmax")])
    plain.export(folder / "exported", verbose=False)
    files["saved model 3"] = f"{folder.name}/exported"
    plain = tf_keras.Sequential([tf_keras.layers.Input((4,)), tf_keras.layers.Dense(3, activation="softmax")])
    plain.save(folder / "saved", save_format="tf")
    files["saved model 2"] = f"{folder.name}/saved"
    return files
