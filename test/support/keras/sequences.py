"""Embeddings and recurrent layers."""

from shapes import chain, network, scores


@network("embedding")
def embedding(k):
    L = k.layers
    return chain(
        k,
        (7,),
        L.Embedding(30, 5, name="words"),
        L.Flatten(),
        L.Dense(6, activation="relu", name="hidden"),
    )


@network("embedding, averaged")
def embedding_averaged(k):
    L = k.layers
    return chain(
        k,
        (7,),
        L.Embedding(30, 5),
        L.SpatialDropout1D(0.2, name="dropped"),
        L.Dense(6, activation="softplus", name="each"),
        L.GlobalAveragePooling1D(),
        dtype="int32",
    )


@network("recurrent")
def recurrent(k):
    L = k.layers
    return chain(
        k,
        (6, 3),
        L.SimpleRNN(4, return_sequences=True, name="plain"),
        L.GRU(4, return_sequences=True, reset_after=False, name="gru"),
        L.LSTM(3, name="lstm"),
        L.Dense(4, activation="relu", name="hidden"),
    )


@network("gru")
def gru(k):
    L = k.layers
    return chain(k, (6, 3), L.GRU(4, return_sequences=True, name="first"), L.GRU(5, name="second"))


@network("recurrent, with other settings")
def recurrent_settings(k):
    L = k.layers
    return chain(
        k,
        (6, 3),
        L.SimpleRNN(4, return_sequences=True, activation="relu", dropout=0.2, name="plain"),
        L.GRU(
            5,
            return_sequences=True,
            reset_after=False,
            activation="softsign",
            recurrent_activation="hard_sigmoid",
            go_backwards=True,
            name="gru",
        ),
        L.LSTM(3, return_sequences=True, use_bias=False, recurrent_dropout=0.1, unroll=True, name="lstm"),
        L.GRU(3, reset_after=True, use_bias=False, return_sequences=True, name="gru_bare"),
        L.LSTM(4, unit_forget_bias=False, recurrent_activation="sigmoid", activation="tanh", name="last"),
    )


@network("two-way")
def two_way(k):
    L = k.layers
    return chain(
        k,
        (5, 3),
        L.Bidirectional(L.LSTM(3, return_sequences=True), name="both"),
        L.Bidirectional(L.GRU(4, reset_after=False), name="ends"),
    )


@network("two-way gru")
def two_way_gru(k):
    L = k.layers
    return chain(
        k,
        (5, 3),
        L.Bidirectional(L.GRU(3, return_sequences=True), merge_mode="ave", name="both"),
        L.Bidirectional(L.SimpleRNN(4), merge_mode="mul", name="ends"),
    )


@network("states handed on")
def states(k):
    L = k.layers
    x = L.Input((5, 3))
    ends, h, c = L.LSTM(4, return_state=True, name="encoder")(x)
    decoded = L.LSTM(4, name="decoder")(x, initial_state=[h, c])
    return k.Model(x, scores(k)(L.Concatenate()([ends, decoded])))


@network("cells")
def cells(k):
    L = k.layers
    return chain(
        k,
        (5, 3),
        L.RNN(L.LSTMCell(3), return_sequences=True, name="lstm"),
        L.RNN(L.GRUCell(4, reset_after=False), name="gru"),
    )


@network("on every step")
def every_step(k):
    L = k.layers
    return chain(
        k,
        (3, 8, 8, 2),
        L.TimeDistributed(L.Conv2D(4, 3, strides=2, padding="same"), name="conv"),
        L.TimeDistributed(L.BatchNormalization(), name="norm"),
        L.TimeDistributed(L.Activation("relu"), name="relu"),
        L.TimeDistributed(L.GlobalAveragePooling2D(), name="pool"),
        L.TimeDistributed(L.Dense(5, activation="tanh"), name="steps"),
        L.LSTM(3, name="lstm"),
    )


@network("recurrent convolution")
def recurrent_convolution(k):
    L = k.layers
    return chain(
        k,
        (3, 5, 5, 2),
        L.ConvLSTM2D(3, 3, name="film"),
        L.Flatten(),
        L.Dense(4, activation="relu", name="hidden"),
    )
