"""What the builders of networks share. `k` is Keras 3 (`keras`) or Keras 2 (`tf_keras`) throughout."""

BUILDERS = {}


def network(name):
    """Registers a function from `k` to a model under the name the tests call it by."""

    def register(build):
        if name in BUILDERS:
            raise ValueError(f"two networks are called {name}")
        BUILDERS[name] = build
        return build

    return register


def is_keras_2(k):
    return k.__name__.startswith("tf_keras")


def scores(k, classes=3):
    """The class scores; their bias is moved so that every class is some sample's best (see weights.py)."""
    return k.layers.Dense(classes, activation="softmax", name="scores")


def chain(k, shape, *layers, dtype=None):
    """A Sequential whose last layer gives the scores."""
    given = k.layers.Input(shape, dtype=dtype) if dtype else k.layers.Input(shape)
    return k.Sequential([given, *layers, scores(k)])


def slope(k, value):
    """The argument of LeakyReLU, which is called `alpha` in Keras 2."""
    return {"alpha" if is_keras_2(k) else "negative_slope": value}
