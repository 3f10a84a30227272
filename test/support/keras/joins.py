"""Branches and joins, models in models, layers called twice, several outputs."""

from shapes import chain, network, scores


@network("residual mlp")
def residual_mlp(k):
    L = k.layers
    x = L.Input((6,))
    first = L.Dense(5, activation="relu", name="first")(x)
    second = L.Dense(5, activation="relu", name="second")(first)
    sum_ = L.Add(name="sum")([first, second])
    end = L.Activation("relu", name="end")(sum_)
    return k.Model(x, scores(k)(end))


@network("residual cnn")
def residual_cnn(k):
    L = k.layers
    x = L.Input((8, 8, 2))
    y = L.Conv2D(4, 3, padding="same", use_bias=False, name="stem")(x)
    y = L.BatchNormalization(name="stem_norm")(y)
    y = L.ReLU(name="stem_relu")(y)
    for block in ("a", "b"):
        z = L.Conv2D(4, 3, padding="same", name=f"{block}_conv1")(y)
        z = L.BatchNormalization(name=f"{block}_norm1")(z)
        z = L.Activation("relu", name=f"{block}_relu1")(z)
        z = L.Conv2D(4, 3, padding="same", name=f"{block}_conv2")(z)
        z = L.BatchNormalization(name=f"{block}_norm2")(z)
        y = L.ReLU(name=f"{block}_end")(L.Add(name=f"{block}_add")([y, z]))
    return k.Model(x, scores(k)(L.GlobalAveragePooling2D()(y)), name="little_resnet")


@network("all ways of joining")
def joins(k):
    L = k.layers
    x = L.Input((6,))
    a = L.Dense(4, activation="tanh", name="a")(x)
    b = L.Dense(4, activation="tanh", name="b")(x)
    average = L.Average()([a, b])
    largest = L.Maximum()([average, b])
    least = L.Minimum()([largest, a])
    product = L.Multiply()([least, b])
    end = L.Activation("softsign", name="end")(L.Add()([product, a]))
    angle = L.Dot(axes=-1)([a, b])
    cosine = L.Dot(axes=1, normalize=True)([end, b])
    return k.Model(x, scores(k)(L.Concatenate(axis=1)([end, angle, cosine])))


@network("arithmetic between layers")
def arithmetic(k):
    L = k.layers
    x = L.Input((6,))
    a = L.Dense(4, activation="tanh", name="a")(x * 0.5 + 0.1)
    b = L.Dense(4, activation="relu", name="b")(x)
    after = L.Dense(4, activation="relu", name="after")(a - b * 2.0)
    return k.Model(x, scores(k)(after + a))


@network("subtracting")
def subtracting(k):
    L = k.layers
    x = L.Input((6,))
    a = L.Dense(4, activation="tanh", name="a")(x)
    b = L.Dense(4, activation="relu", name="b")(x)
    return k.Model(x, scores(k)(L.Subtract()([a, b])))


@network("channels weighed")
def squeeze(k):
    L = k.layers
    x = L.Input((6, 6, 2))
    y = L.Conv2D(4, 3, activation="relu", name="conv")(x)
    w = L.GlobalAveragePooling2D(keepdims=True)(y)
    w = L.Conv2D(2, 1, activation="relu", name="squeeze")(w)
    w = L.Conv2D(4, 1, activation="sigmoid", name="excite")(w)
    y = L.Multiply()([y, w])
    return k.Model(x, scores(k)(L.GlobalMaxPooling2D()(y)))


@network("inception")
def inception(k):
    L = k.layers
    x = L.Input((6, 6, 2))
    a = L.Conv2D(2, 1, activation="relu", name="a")(x)
    b = L.Conv2D(3, 3, padding="same", activation="relu", name="b")(x)
    pooled = L.MaxPooling2D(3, strides=1, padding="same")(x)
    c = L.Conv2D(2, 1, activation="relu", name="c")(pooled)
    joined = L.Concatenate()([a, b, c])
    y = L.Conv2D(4, 2, activation="relu", name="after")(L.BatchNormalization()(joined))
    return k.Model(x, scores(k)(L.Flatten()(y)))


@network("shared layer")
def shared(k):
    L = k.layers
    x = L.Input((5,))
    widen = L.Dense(5, activation="tanh", name="widen")
    y = widen(widen(x))
    return k.Model(x, scores(k)(L.Concatenate()([y, L.Dense(3, activation="relu", name="beside")(x)])))


@network("models in models")
def nested(k):
    L = k.layers
    inner = k.Sequential([L.Input((5, 5, 3)), L.Conv2D(3, 2, activation="relu", name="conv")], name="inner")
    a = L.Input((4, 4, 3))
    middle_end = L.Conv2D(4, 2, name="mid")(a)
    middle_end = L.BatchNormalization()(middle_end)
    middle = k.Model(a, L.ReLU(name="mid_relu")(middle_end), name="middle")
    x = L.Input((6, 6, 2))
    y = L.Conv2D(3, 2, activation="relu", name="outer")(x)
    y = middle(inner(y))
    return k.Model(x, scores(k)(L.Flatten()(y)), name="whole")


@network("one model called twice")
def twin(k):
    L = k.layers
    a = L.Input((4,))
    tower = k.Model(a, L.Dense(3, activation="relu", name="tower_dense")(a), name="tower")
    x = L.Input((4,))
    y = L.Dense(4, activation="tanh", name="before")(x)
    return k.Model(x, scores(k)(L.Concatenate()([tower(x), tower(y)])))


@network("a base and a head in a Sequential")
def transfer(k):
    L = k.layers
    a = L.Input((8, 8, 1))
    y = L.Conv2D(4, 3, name="base_conv")(a)
    y = L.BatchNormalization(name="base_norm")(y)
    y = L.ReLU(name="base_relu")(y)
    base = k.Model(a, y, name="base")
    base.trainable = False
    return chain(k, (8, 8, 1), base, L.GlobalAveragePooling2D(), L.Dense(5, activation="relu", name="top"))


@network("two outputs")
def two_outputs(k):
    L = k.layers
    x = L.Input((6,))
    trunk = L.Dense(5, activation="relu", name="trunk")(x)
    size = L.Dense(1, name="size")(L.Dense(3, activation="relu", name="aside")(trunk))
    return k.Model(x, [scores(k)(L.Dense(4, activation="relu", name="near")(trunk)), size])


@network("outputs by name")
def named_outputs(k):
    L = k.layers
    x = L.Input((6,), name="measured")
    trunk = L.Dense(5, activation="relu", name="trunk")(x)
    other = L.Dense(2, name="other")(trunk)
    return k.Model(x, {"answer": scores(k)(trunk), "more": other})


@network("no input layer")
def no_input_layer(k):
    L = k.layers
    model = k.Sequential([L.Dense(5, activation="relu", name="hidden"), scores(k)])
    model.build((None, 6))
    return model
