"""Run by a Python with TensorFlow in it: trace each layer, activation, loss, optimizer and function of Keras once.

    path/of/an/environment/bin/python scripts/refreshing/trace_layers.py CHECKOUT [NAME ...] > traced.json

`scripts/refresh_knowledge.py layers` runs it and writes what it learns into `m1doctor/knowledge/layers.toml`. Python
3.8 and the standard library; the operations are counted by the part of the child that `m1doctor ops` uses.
"""

from __future__ import annotations

import importlib.util
import json
import pathlib
import sys

import tensorflow as tf  # noqa: TID251 - this script runs in a Python that has it


def part(checkout):  # noqa: ANN001, ANN201 - runs on Python 3.8 without typing
    """The part of the child that counts operations, as it is in the checkout."""
    path = pathlib.Path(checkout, "m1doctor", "probes", "parts", "ops.py")
    spec = importlib.util.spec_from_file_location("ops", str(path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


DTYPE = "float16"
"""What a layer does in float32 all the same is then told apart from what it does in its own type."""
IMAGE, SEQUENCE, VOLUME, VECTOR = (16, 16, 4), (12, 4), (8, 8, 8, 4), (16,)
IMAGES = dict.fromkeys(
    """Conv2D Conv2DTranspose DepthwiseConv2D SeparableConv2D MaxPooling2D AveragePooling2D GlobalMaxPooling2D
    GlobalAveragePooling2D BatchNormalization LayerNormalization GroupNormalization UnitNormalization SpatialDropout2D
    ZeroPadding2D Cropping2D UpSampling2D Resizing CenterCrop Rescaling RandomFlip RandomRotation RandomZoom
    RandomTranslation RandomContrast RandomBrightness RandomCrop RandomHeight RandomWidth Flatten PReLU
    Normalization""".split(),
    IMAGE,
)
SEQUENCES = dict.fromkeys(
    """Conv1D Conv1DTranspose DepthwiseConv1D SeparableConv1D MaxPooling1D AveragePooling1D GlobalMaxPooling1D
    GlobalAveragePooling1D SpatialDropout1D ZeroPadding1D Cropping1D UpSampling1D SimpleRNN GRU LSTM Masking
    Permute""".split(),
    SEQUENCE,
)
VOLUMES = dict.fromkeys(
    """Conv3D Conv3DTranspose MaxPooling3D AveragePooling3D GlobalMaxPooling3D GlobalAveragePooling3D SpatialDropout3D
    ZeroPadding3D Cropping3D UpSampling3D""".split(),
    VOLUME,
)
VECTORS = dict.fromkeys(
    """Dense Dropout GaussianDropout GaussianNoise AlphaDropout Reshape RepeatVector ReLU LeakyReLU ELU ThresholdedReLU
    Softmax ActivityRegularization""".split(),
    VECTOR,
)
SHAPES = {**IMAGES, **SEQUENCES, **VOLUMES, **VECTORS}
ARGUMENTS = {
    **dict.fromkeys(("Conv1D", "Conv2D", "Conv3D"), {"filters": 4, "kernel_size": 3}),
    **dict.fromkeys(("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"), {"filters": 4, "kernel_size": 3}),
    **dict.fromkeys(("SeparableConv1D", "SeparableConv2D"), {"filters": 4, "kernel_size": 3}),
    **dict.fromkeys(("DepthwiseConv1D", "DepthwiseConv2D"), {"kernel_size": 3}),
    **dict.fromkeys(("Dense", "SimpleRNN", "GRU", "LSTM"), {"units": 4}),
    **dict.fromkeys(("RandomRotation", "RandomContrast", "RandomBrightness"), {"factor": 0.2}),
    **dict.fromkeys(("RandomHeight", "RandomWidth"), {"factor": 0.2}),
    **dict.fromkeys(("Resizing", "CenterCrop", "RandomCrop"), {"height": 8, "width": 8}),
    **dict.fromkeys(("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"), {"rate": 0.2}),
    **dict.fromkeys(("GaussianDropout", "AlphaDropout"), {"rate": 0.2}),
    "GaussianNoise": {"stddev": 0.2},
    "RandomZoom": {"height_factor": 0.2},
    "RandomTranslation": {"height_factor": 0.2, "width_factor": 0.2},
    "GroupNormalization": {"groups": 2},
    **dict.fromkeys(("AveragePooling1D", "AveragePooling2D", "AveragePooling3D"), {"pool_size": 2}),
    **dict.fromkeys(("Cropping1D", "Cropping2D", "Cropping3D"), {"cropping": 1}),
    "Rescaling": {"scale": 0.5},
    "Normalization": {"mean": 0.5, "variance": 0.5},
    "Permute": {"dims": (2, 1)},
    "Reshape": {"target_shape": (4, 4)},
    "RepeatVector": {"n": 3},
}
VARIANTS = [
    *((name, "dilation_rate", 2, {"not": 1}) for name in ("Conv1D", "Conv2D", "Conv3D", "SeparableConv2D")),
    ("DepthwiseConv2D", "dilation_rate", 2, {"not": 1}),
    ("Conv2D", "groups", 2, {"not": 1}),
    ("UpSampling2D", "interpolation", "bilinear", {"is": "bilinear"}),
    ("UpSampling2D", "interpolation", "bicubic", {"is": "bicubic"}),
    ("Resizing", "interpolation", "nearest", {"is": "nearest"}),
    ("Resizing", "interpolation", "bicubic", {"is": "bicubic"}),
    *((name, "activation", "relu", {"not": "tanh"}) for name in ("GRU", "LSTM")),
    *((name, "recurrent_activation", "relu", {"not": "sigmoid"}) for name in ("GRU", "LSTM")),
    *((name, "use_bias", False, {"not": True}) for name in ("GRU", "LSTM")),
    *((name, "unroll", True, {"not": False}) for name in ("GRU", "LSTM")),
    *((name, "recurrent_dropout", 0.2, {"not": 0}) for name in ("GRU", "LSTM")),
    ("GRU", "reset_after", False, {"not": True}),
]
"""What a layer does otherwise when an option is set: layer, option, a value, and when that stands for others."""
SPECIAL = {
    "Embedding": (lambda layers: layers.Embedding(10, 4), (12,), "int32"),
    "EinsumDense": (
        lambda layers: layers.EinsumDense("abc,cd->abd", output_shape=(None, 4), bias_axes="d"),
        SEQUENCE,
        None,
    ),
    "ConvLSTM2D": (lambda layers: layers.ConvLSTM2D(4, 3), (3, *IMAGE), None),
    "Bidirectional": (lambda layers: layers.Bidirectional(layers.LSTM(4)), SEQUENCE, None),
    "TimeDistributed": (lambda layers: layers.TimeDistributed(layers.Dense(4)), SEQUENCE, None),
    "Discretization": (lambda layers: layers.Discretization(bin_boundaries=[0.0, 1.0]), VECTOR, None),
    "CategoryEncoding": (lambda layers: layers.CategoryEncoding(num_tokens=4, dtype="float32"), (4,), "int32"),
}
WITHOUT_GRADIENT = ("RandomContrast", "RandomHeight", "RandomWidth", "Discretization")
TWO = {
    **dict.fromkeys("Add Subtract Multiply Average Maximum Minimum Concatenate".split(), {}),
    "Dot": {"axes": 1},
    "Attention": {},
    "AdditiveAttention": {},
    "MultiHeadAttention": {"num_heads": 2, "key_dim": 4},
    "GroupQueryAttention": {"head_dim": 4, "num_query_heads": 2, "num_key_value_heads": 1},
}
ACTIVATIONS = """relu relu6 leaky_relu elu selu gelu silu swish sigmoid hard_sigmoid hard_silu tanh softmax log_softmax
softplus softsign exponential mish linear celu glu log_sigmoid hard_tanh tanh_shrink soft_shrink sparse_plus
squareplus hard_shrink""".split()
LOSSES = """sparse_categorical_crossentropy categorical_crossentropy binary_crossentropy mean_squared_error
mean_absolute_error huber cosine_similarity kl_divergence poisson hinge log_cosh""".split()
OPTIMIZERS = "SGD Adam AdamW RMSprop Adagrad Adadelta Adamax Nadam Ftrl Lion Adafactor Lamb".split()
MATRIX, STACK = (8, 8), (8, 8, 3)
FUNCTIONS = {
    "tf.einsum": (lambda x: tf.einsum("ij,jk->ik", x, x), MATRIX),
    "tf.linalg.inv": (tf.linalg.inv, MATRIX),
    "tf.linalg.svd": (tf.linalg.svd, MATRIX),
    "tf.linalg.cholesky": (tf.linalg.cholesky, MATRIX),
    "tf.linalg.eigh": (tf.linalg.eigh, MATRIX),
    "tf.linalg.qr": (tf.linalg.qr, MATRIX),
    "tf.linalg.solve": (lambda x: tf.linalg.solve(x, x), MATRIX),
    "tf.linalg.det": (tf.linalg.det, MATRIX),
    "tf.linalg.norm": (tf.linalg.norm, MATRIX),
    "tf.signal.stft": (lambda x: tf.signal.stft(x, 4, 2), MATRIX),
    "tf.signal.rfft": (tf.signal.rfft, MATRIX),
    "tf.signal.fft": (lambda x: tf.signal.fft(tf.cast(x, tf.complex64)), MATRIX),
    "tf.signal.dct": (tf.signal.dct, MATRIX),
    "tf.math.sin": (tf.math.sin, MATRIX),
    "tf.math.cos": (tf.math.cos, MATRIX),
    "tf.math.cumsum": (tf.math.cumsum, MATRIX),
    "tf.math.cumprod": (tf.math.cumprod, MATRIX),
    "tf.math.floormod": (lambda x: tf.math.floormod(x, 2.0), MATRIX),
    "tf.math.is_nan": (tf.math.is_nan, MATRIX),
    "tf.math.is_finite": (tf.math.is_finite, MATRIX),
    "tf.math.erf": (tf.math.erf, MATRIX),
    "tf.math.round": (tf.math.round, MATRIX),
    "tf.math.top_k": (lambda x: tf.math.top_k(x, 2), MATRIX),
    "tf.math.segment_sum": (lambda x: tf.math.segment_sum(x, tf.constant([0, 0, 0, 1, 1, 1, 2, 2])), MATRIX),
    "tf.math.unsorted_segment_sum": (
        lambda x: tf.math.unsorted_segment_sum(x, tf.constant([0, 0, 0, 1, 1, 1, 2, 2]), 3),
        MATRIX,
    ),
    "tf.sort": (tf.sort, MATRIX),
    "tf.argsort": (tf.argsort, MATRIX),
    "tf.argmax": (tf.argmax, MATRIX),
    "tf.reverse": (lambda x: tf.reverse(x, [0]), MATRIX),
    "tf.roll": (lambda x: tf.roll(x, 1, 0), MATRIX),
    "tf.stack": (lambda x: tf.stack([x, x]), MATRIX),
    "tf.unstack": (tf.unstack, MATRIX),
    "tf.concat": (lambda x: tf.concat([x, x], 0), MATRIX),
    "tf.gather": (lambda x: tf.gather(x, [1, 0]), MATRIX),
    "tf.where": (lambda x: tf.where(x > 0), MATRIX),
    "tf.boolean_mask": (lambda x: tf.boolean_mask(x, x[:, 0] > 0), MATRIX),
    "tf.one_hot": (lambda x: tf.one_hot(tf.cast(x, tf.int32), 4), MATRIX),
    "tf.clip_by_global_norm": (lambda x: tf.clip_by_global_norm([x, x], 1.0), MATRIX),
    "tf.clip_by_value": (lambda x: tf.clip_by_value(x, 0.0, 1.0), MATRIX),
    "tf.random.normal": (lambda x: x + tf.random.normal((8, 8)), MATRIX),
    "tf.random.uniform": (lambda x: x + tf.random.uniform((8, 8)), MATRIX),
    "tf.random.shuffle": (tf.random.shuffle, MATRIX),
    "tf.random.categorical": (lambda x: tf.random.categorical(x, 3), MATRIX),
    "tf.image.resize": (lambda x: tf.image.resize(x, (4, 4)), STACK),
    "tf.image.random_contrast": (lambda x: tf.image.random_contrast(x, 0.2, 0.4), STACK),
    "tf.image.random_brightness": (lambda x: tf.image.random_brightness(x, 0.2), STACK),
    "tf.image.random_hue": (lambda x: tf.image.random_hue(x, 0.2), STACK),
    "tf.image.random_saturation": (lambda x: tf.image.random_saturation(x, 0.2, 0.4), STACK),
    "tf.image.random_flip_left_right": (tf.image.random_flip_left_right, STACK),
    "tf.image.flip_left_right": (tf.image.flip_left_right, STACK),
    "tf.image.rot90": (tf.image.rot90, STACK),
    "tf.image.crop_and_resize": (
        lambda x: tf.image.crop_and_resize(x[None], [[0.0, 0.0, 1.0, 1.0]], [0], (4, 4)),
        STACK,
    ),
    "tf.image.non_max_suppression": (
        lambda x: tf.image.non_max_suppression(x[:, :4], x[:, 0], 2),
        MATRIX,
    ),
}


class Tracer:
    """Traces one case after another and keeps what was counted."""

    def __init__(self, ops, names):  # noqa: ANN001, ANN204 - runs on Python 3.8 without typing
        """Use the part of the child `ops`; with `names`, trace only what has one of them."""
        self.ops = ops
        self.names = names
        self.traced = []

    def wants(self, holder, name):  # noqa: ANN001, ANN201
        """Whether to trace `name`, which this Keras may not have."""
        return hasattr(holder, name) and (not self.names or name in self.names)

    def model(self, kind, name, model, when=None):  # noqa: ANN001, ANN201
        """Trace a model that holds one thing of interest."""
        counted = self.ops._Operations(tf)  # noqa: SLF001 - this script is the second caller of the part
        self.ops._keras_model(tf, model, counted, [], training=True)  # noqa: SLF001
        self.traced.append({"kind": kind, "name": name, "when": when or {}, **counted.told()})

    def function(self, name, function, shape):  # noqa: ANN001, ANN201
        """Trace a function of one tensor."""
        if self.names and name not in self.names:
            return
        counted = self.ops._Operations(tf)  # noqa: SLF001
        graph = tf.function(function).get_concrete_function(tf.TensorSpec(shape)).graph.as_graph_def()
        counted.count(graph.node, {each.signature.name: each for each in graph.library.function}, {})
        self.traced.append({"kind": "function", "name": name, "when": {}, **counted.told()})


def behind(layer, shape, dtype=None):  # noqa: ANN001, ANN201
    """A model of one layer. Before it stands another, so that the gradient of its input is traced too.

    Layers that there is no gradient of, and those that take whole numbers, can only stand first.
    """
    given = tf.keras.layers.Input(shape, dtype=dtype)
    first = dtype is not None or type(layer).__name__ in WITHOUT_GRADIENT
    return tf.keras.Model(given, layer(given if first else tf.keras.layers.Dense(shape[-1], name="before")(given)))


def plain_layers(tracer):  # noqa: ANN001, ANN201
    """Layers of one input, and their settings."""
    for name, shape in sorted(SHAPES.items()):
        if not tracer.wants(tf.keras.layers, name):
            continue
        make, usual = getattr(tf.keras.layers, name), ARGUMENTS.get(name, {})
        tracer.model("layer", name, behind(make(**usual), shape))
        for each, option, value, condition in VARIANTS:
            if each == name:
                model = behind(make(**{**usual, option: value}), shape)
                tracer.model("layer", name, model, {"option": option, **condition})


def other_layers(tracer):  # noqa: ANN001, ANN201
    """Layers that are made otherwise, or that take two inputs."""
    layers = tf.keras.layers
    for name, (make, shape, dtype) in SPECIAL.items():
        if tracer.wants(layers, name):
            tracer.model("layer", name, behind(make(layers), shape, dtype))
    for name, arguments in TWO.items():
        if tracer.wants(layers, name):
            given = layers.Input(SEQUENCE)
            both = [layers.Dense(4, name="before")(given), layers.Dense(4, name="before_too")(given)]
            layer = getattr(layers, name)(**arguments)
            apart = name in ("MultiHeadAttention", "GroupQueryAttention")
            tracer.model("layer", name, tf.keras.Model(given, layer(*both) if apart else layer(both)))


def the_rest(tracer):  # noqa: ANN001, ANN201
    """Activations, losses, optimizers, functions."""
    keras = tf.keras
    for name in ACTIVATIONS:
        if tracer.wants(keras.activations, name):
            tracer.model("activation", name, behind(keras.layers.Activation(name), VECTOR))
    for name in LOSSES:
        if tracer.wants(keras.losses, name):
            model = behind(keras.layers.Dense(4), VECTOR)
            model.compile("sgd", name)
            tracer.model("loss", name, model)
    for name in OPTIMIZERS:
        if tracer.wants(keras.optimizers, name):
            model = behind(keras.layers.Dense(4), VECTOR)
            model.compile(getattr(keras.optimizers, name)(), "mean_squared_error")
            tracer.model("optimizer", name, model)
    for name, (function, shape) in FUNCTIONS.items():
        tracer.function(name, function, shape)


def main():  # noqa: ANN201 - runs on Python 3.8 without typing
    """Trace all, and print one JSON document; what this Keras does not have is left out."""
    ops = part(sys.argv[1])
    tf.keras.mixed_precision.set_global_policy(DTYPE)
    tracer = Tracer(ops, sys.argv[2:])
    plain_layers(tracer)
    other_layers(tracer)
    the_rest(tracer)
    keras = ops._keras_version(tf)  # noqa: SLF001
    print(json.dumps({"tensorflow": tf.__version__, "keras": keras, "dtype": DTYPE, "traced": tracer.traced}))


main()
