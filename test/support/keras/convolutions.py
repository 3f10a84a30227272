"""Convolutions of every kind, and what stands between them."""

from shapes import chain, network, slope


@network("cnn")
def cnn(k):
    L = k.layers
    return chain(
        k,
        (8, 8, 1),
        L.Rescaling(0.5),
        L.Conv2D(4, 3, activation="relu", name="conv"),
        L.BatchNormalization(),
        L.MaxPooling2D(),
        L.Conv2D(5, 2, use_bias=False),
        L.BatchNormalization(),
        L.ReLU(name="relu"),
        L.Flatten(),
        L.Dropout(0.3),
        L.Dense(6, activation="relu", name="hidden"),
    )


@network("1-D convolutions")
def one_dimension(k):
    L = k.layers
    return chain(
        k,
        (20, 3),
        L.Conv1D(4, 3, activation="tanh", name="plain"),
        L.MaxPooling1D(2),
        L.Conv1D(5, 2, strides=2, padding="same", name="strided"),
        L.AveragePooling1D(2, padding="same"),
        L.Conv1D(4, 2, dilation_rate=2, padding="causal", use_bias=False),
        L.SpatialDropout1D(0.2),
        L.ReLU(max_value=6, name="relu6"),
        L.GlobalAveragePooling1D(),
    )


@network("1-D padding, cropping, upsampling")
def one_dimension_moved(k):
    L = k.layers
    return chain(
        k,
        (8, 3),
        L.ZeroPadding1D(2),
        L.Conv1D(4, 3, activation="relu", name="conv"),
        L.Cropping1D((1, 2)),
        L.UpSampling1D(2),
        L.GlobalMaxPooling1D(),
    )


@network("2-D convolutions")
def two_dimensions(k):
    L = k.layers
    return chain(
        k,
        (9, 8, 2),
        L.Conv2D(4, 3, strides=2, padding="same"),
        L.LeakyReLU(name="leaky", **slope(k, 0.1)),
        L.Conv2D(5, 2, dilation_rate=2, activation="elu", name="dilated"),
        L.Conv2D(6, 1, use_bias=False, activation="relu", name="one"),
        L.GlobalMaxPooling2D(),
    )


@network("convolution in groups")
def grouped(k):
    L = k.layers
    return chain(
        k,
        (6, 6, 4),
        L.Conv2D(4, 3, activation="relu", name="conv"),
        L.Conv2D(6, 2, groups=2, activation="relu", name="grouped"),
        L.GlobalAveragePooling2D(),
    )


@network("3-D convolutions")
def three_dimensions(k):
    L = k.layers
    return chain(
        k,
        (6, 6, 6, 1),
        L.Conv3D(4, 3, activation="relu", name="conv"),
        L.SpatialDropout3D(0.1),
        L.MaxPooling3D(),
        L.Conv3D(3, 2, strides=2, padding="same"),
        L.ELU(name="elu"),
        L.Flatten(),
    )


@network("3-D padding, cropping, upsampling")
def three_dimensions_moved(k):
    L = k.layers
    return chain(
        k,
        (3, 3, 3, 1),
        L.ZeroPadding3D(1),
        L.Conv3D(3, 2, activation="relu", name="conv"),
        L.Cropping3D(1),
        L.UpSampling3D(2),
        L.AveragePooling3D(2),
        L.Flatten(),
    )


@network("3-D pooling over all positions")
def three_dimensions_pooled(k):
    L = k.layers
    return chain(
        k,
        (4, 4, 4, 1),
        L.Conv3D(4, 2, activation="relu", name="conv"),
        L.GlobalAveragePooling3D(keepdims=True),
        L.GlobalMaxPooling3D(),
    )


@network("depthwise")
def depthwise(k):
    L = k.layers
    return chain(
        k,
        (8, 8, 2),
        L.DepthwiseConv2D(3, depth_multiplier=2, name="wide"),
        L.BatchNormalization(),
        L.ReLU(name="relu"),
        L.DepthwiseConv2D(3, strides=2, padding="same", activation="relu", name="strided"),
        L.Conv2D(5, 1, activation="relu", name="pointwise"),
        L.GlobalAveragePooling2D(),
    )


@network("depthwise, dilated")
def depthwise_dilated(k):
    L = k.layers
    return chain(
        k,
        (8, 8, 3),
        L.DepthwiseConv2D(2, dilation_rate=2, activation="relu", name="dilated"),
        L.GlobalAveragePooling2D(),
    )


@network("depthwise 1-D")
def depthwise_1d(k):
    L = k.layers
    return chain(
        k,
        (9, 3),
        L.DepthwiseConv1D(3, depth_multiplier=2, activation="relu", name="wide"),
        L.GlobalAveragePooling1D(),
    )


@network("separable")
def separable(k):
    L = k.layers
    return chain(
        k,
        (9, 9, 2),
        L.SeparableConv2D(4, 3, strides=2, padding="same", depth_multiplier=3, use_bias=False),
        L.BatchNormalization(scale=False),
        L.Activation("selu", name="selu"),
        L.SeparableConv2D(5, 2, dilation_rate=2, activation="relu", name="dilated"),
        L.GlobalAveragePooling2D(),
    )


@network("separable 1-D")
def separable_1d(k):
    L = k.layers
    return chain(
        k,
        (9, 3),
        L.SeparableConv1D(4, 3, depth_multiplier=2, activation="relu", name="separable"),
        L.GlobalMaxPooling1D(),
    )


@network("transposed")
def transposed(k):
    L = k.layers
    return chain(
        k,
        (4, 4, 2),
        L.Conv2DTranspose(4, 3, activation="relu", name="up"),
        L.Conv2DTranspose(3, 2, strides=2, padding="same", name="strided"),
        L.GlobalMaxPooling2D(),
        L.Reshape((1, 1, 1, 3)),
        L.Conv3DTranspose(2, 2, activation="sigmoid", name="volume"),
        L.Flatten(),
    )


@network("transposed 1-D")
def transposed_1d(k):
    L = k.layers
    return chain(
        k,
        (5, 3),
        L.Conv1DTranspose(4, 3, strides=2, activation="relu", name="up"),
        L.GlobalAveragePooling1D(),
    )


@network("moving elements")
def moving(k):
    L = k.layers
    return chain(
        k,
        (5, 5, 2),
        L.ZeroPadding2D(((1, 0), (2, 1))),
        L.Conv2D(3, 2, activation="relu", name="conv"),
        L.Cropping2D(1),
        L.UpSampling2D((2, 3)),
        L.AveragePooling2D(2, strides=1, padding="same"),
        L.MaxPooling2D(3, strides=2, padding="same"),
        L.SpatialDropout2D(0.4),
        L.Permute((2, 1, 3)),
        L.Conv2D(4, 1, activation="relu", name="second"),
        L.Reshape((-1, 4)),
        L.GlobalAveragePooling1D(),
        L.RepeatVector(2),
        L.Flatten(),
    )


@network("upsampling between pixels")
def bilinear(k):
    L = k.layers
    return chain(
        k,
        (4, 4, 2),
        L.Conv2D(3, 2, activation="relu", name="conv"),
        L.UpSampling2D(2, interpolation="bilinear"),
        L.Conv2D(4, 2, activation="relu", name="second"),
        L.Flatten(),
    )


@network("learned slopes, shared over positions")
def shared_slopes(k):
    L = k.layers
    return chain(
        k,
        (6, 6, 1),
        L.Conv2D(4, 3),
        L.PReLU(shared_axes=[1, 2], name="shared"),
        L.Conv2D(3, 2),
        L.PReLU(name="own"),
        L.Flatten(),
    )


@network("group normalization")
def group_normalization(k):
    L = k.layers
    return chain(
        k,
        (6, 6, 2),
        L.Conv2D(4, 3, name="conv"),
        L.GroupNormalization(2),
        L.ReLU(),
        L.Conv2D(6, 2, activation="relu", name="second"),
        L.GroupNormalization(-1, scale=False),
        L.Activation("tanh"),
        L.GlobalAveragePooling2D(),
    )


@network("layers of augmentation")
def augmentation(k):
    L = k.layers
    return chain(
        k,
        (6, 6, 1),
        L.RandomFlip("horizontal"),
        L.RandomRotation(0.1),
        L.RandomZoom(0.1),
        L.RandomContrast(0.2),
        L.RandomTranslation(0.1, 0.1),
        L.Conv2D(4, 3, activation="relu", name="conv"),
        L.GlobalAveragePooling2D(),
    )


@network("resized and cropped")
def resized(k):
    L = k.layers
    return chain(
        k,
        (6, 6, 1),
        L.Resizing(9, 8),
        L.CenterCrop(7, 7),
        L.Conv2D(4, 3, activation="relu", name="conv"),
        L.GlobalAveragePooling2D(),
    )
