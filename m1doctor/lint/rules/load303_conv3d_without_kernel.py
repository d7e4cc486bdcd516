"""LOAD303 conv3d-without-kernel: three-dimensional convolutions and pools run on the CPU."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import Module
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_OPS = {
    "keras.layers.Conv3D": "Conv3D",
    "keras.layers.Conv3DTranspose": "Conv3DBackpropInputV2",
    "keras.layers.MaxPool3D": "MaxPool3D",
    "keras.layers.MaxPooling3D": "MaxPool3D",
    "keras.layers.AvgPool3D": "AvgPool3D",
    "keras.layers.AveragePooling3D": "AvgPool3D",
    "tensorflow.nn.conv3d": "Conv3D",
    "tensorflow.nn.conv3d_transpose": "Conv3DBackpropInputV2",
    "tensorflow.nn.max_pool3d": "MaxPool3D",
    "tensorflow.nn.avg_pool3d": "AvgPool3D",
}
"""The op that each of them computes with."""


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Layers and functions whose op has no kernel in the plugin's table."""
    table = versions.kernels()
    for call, region in module.calls_of(*_OPS):
        name = module.name_of(call.func, region) or ""
        if not table.has(_OPS[name], "float32"):
            yield Seen(
                node=call.func,
                message=f"`{name.rpartition('.')[2]}` has no GPU kernel in tensorflow-metal {table.plugin}: it runs on "
                "the CPU, with copies of its data each way.",
                only_if=versions.if_plugin(),
            )


RULE = Rule(
    id="LOAD303",
    slug="conv3d-without-kernel",
    level=Level.WARNING,
    judge=judge,
    words=("Conv3D", "Convolution3D", "Pool3D", "Pooling3D", "conv3d", "pool3d"),
    page=RulePage(
        what="`Conv3D`, `Conv3DTranspose` or a pool in three dimensions is used.",
        why=(
            "tensorflow-metal up to 1.2.0 registers no kernel for `Conv3D`, `MaxPool3D` and their gradients. "
            "TensorFlow moves these ops to the CPU without a word and copies what they need, in every step."
        ),
        example="x = keras.layers.Conv3D(32, 3)(x)",
        better="x = keras.layers.TimeDistributed(keras.layers.Conv2D(32, 3))(x)",
        fix=(
            "There is no switch. Convolve in two dimensions where the model allows it, or train the whole model on the "
            "CPU, which saves the copies, or elsewhere."
        ),
        versions="tensorflow-metal 1.2.0 and older.",
        sources=(
            Source("The kernels that tensorflow-metal 0.5.0 to 1.2.0 register, read from the published libraries", None,
                   "2026-11-23"),
        ),
    ),
)  # fmt: skip
