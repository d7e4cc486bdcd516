"""LOAD307 op-without-kernel: an op in a layer or a compiled step that has no kernel on the GPU."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.knowledge.layers import Kind
from m1doctor.lint.kernels import without_kernel
from m1doctor.lint.module import LAYER, MODEL, Module
from m1doctor.lint.names import Region
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_FUNCTIONS = {
    "tensorflow.boolean_mask": "tf.boolean_mask",
    "tensorflow.cumsum": "tf.math.cumsum",
    "tensorflow.image.crop_and_resize": "tf.image.crop_and_resize",
    "tensorflow.image.non_max_suppression": "tf.image.non_max_suppression",
    "tensorflow.linalg.cholesky": "tf.linalg.cholesky",
    "tensorflow.linalg.eigh": "tf.linalg.eigh",
    "tensorflow.linalg.inv": "tf.linalg.inv",
    "tensorflow.linalg.qr": "tf.linalg.qr",
    "tensorflow.linalg.svd": "tf.linalg.svd",
    "tensorflow.math.cumsum": "tf.math.cumsum",
    "tensorflow.reverse": "tf.reverse",
    "tensorflow.roll": "tf.roll",
    "tensorflow.signal.fft": "tf.signal.fft",
    "tensorflow.signal.rfft": "tf.signal.rfft",
    "tensorflow.signal.stft": "tf.signal.stft",
}
"""The function that was traced for each of them."""


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Such calls where they run in every step."""
    for call, region in module.calls_of(*_FUNCTIONS):
        name = _FUNCTIONS[module.name_of(call.func, region) or ""]
        missing = without_kernel(versions, Kind.FUNCTION, name)
        if missing and _runs_in_a_step(module, region):
            yield Seen(
                node=call.func,
                message=f"`{name}` runs on the CPU, with copies each way: tensorflow-metal {versions.kernels().plugin} "
                f"has no GPU kernel for {missing[-1]}.",
                only_if=versions.if_plugin(),
            )


def _runs_in_a_step(module: Module, region: Region) -> bool:
    function = region.function()
    if function is None or function.parent is None:
        return False
    if module.is_compiled(function.node, function.parent):
        return True
    owner = region.class_()
    return (
        owner is not None
        and owner.parent is not None
        and isinstance(owner.node, ast.ClassDef)
        and getattr(function.node, "name", "") in ("call", "train_step")
        and module.family(owner.node, owner.parent) in (LAYER, MODEL)
    )


RULE = Rule(
    id="LOAD307",
    slug="op-without-kernel",
    level=Level.NOTE,
    judge=judge,
    words=tuple(f".{name.rpartition('.')[2]}" for name in _FUNCTIONS),
    page=RulePage(
        what=(
            "A layer's `call`, or a compiled step, uses Fourier transforms, decompositions of matrices, `cumsum`, "
            "`reverse`, `roll`, `boolean_mask` or the like."
        ),
        why=(
            "None of them has a kernel in tensorflow-metal up to 1.2.0: TensorFlow moves them to the CPU without a "
            "word and copies what they need, in every step."
        ),
        example="class Sound(keras.layers.Layer):\n    def call(self, x):\n        return tf.signal.stft(x, 256, 128)",
        better="data = data.map(lambda x: tf.signal.stft(x, 256, 128), num_parallel_calls=tf.data.AUTOTUNE)",
        fix="Do it in the input pipeline where it needs no gradient, or write it with ops that have kernels.",
        versions="tensorflow-metal 1.2.0 and older.",
        sources=(
            Source("The kernels that tensorflow-metal 0.5.0 to 1.2.0 register, read from the published libraries", None,
                   "2026-11-23"),
        ),
    ),
)  # fmt: skip
