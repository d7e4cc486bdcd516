"""LOAD303 conv3d-without-kernel: three-dimensional convolutions and pools run on the CPU."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.knowledge.layers import Kind
from m1doctor.lint.kernels import without_kernel
from m1doctor.lint.module import Module
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_LAYERS = {
    "keras.layers.Conv3D": "Conv3D",
    "keras.layers.Conv3DTranspose": "Conv3DTranspose",
    "keras.layers.MaxPooling3D": "MaxPooling3D",
    "keras.layers.AveragePooling3D": "AveragePooling3D",
    "tensorflow.nn.conv3d": "Conv3D",
    "tensorflow.nn.conv3d_transpose": "Conv3DTranspose",
    "tensorflow.nn.max_pool3d": "MaxPooling3D",
    "tensorflow.nn.avg_pool3d": "AveragePooling3D",
}
"""The layer that was traced for each of them."""


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Layers and functions whose ops have no kernel in the plugin's table."""
    for call, region in module.calls_of(*_LAYERS):
        name = module.name_of(call.func, region) or ""
        missing = without_kernel(versions, Kind.LAYER, _LAYERS[name])
        if missing:
            yield Seen(
                node=call.func,
                message=f"`{name.rpartition('.')[2]}` runs on the CPU, with copies of its data each way: "
                f"tensorflow-metal {versions.kernels().plugin} has no GPU kernel for {missing[0]}.",
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
        better="x = keras.layers.Conv2D(32, 3)(slices)",
        fix=(
            "There is no switch. Convolve slices in two dimensions where the model allows it (`TimeDistributed` of "
            "Keras 3 stacks and unstacks, which has no kernel either), or train the whole model on the CPU, which "
            "saves the copies, or elsewhere."
        ),
        versions="tensorflow-metal 1.2.0 and older.",
        sources=(
            Source("The kernels that tensorflow-metal 0.5.0 to 1.2.0 register, read from the published libraries", None,
                   "2026-11-23"),
        ),
    ),
)  # fmt: skip
