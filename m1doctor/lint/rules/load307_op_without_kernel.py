"""LOAD307 op-without-kernel: an op in a layer or a compiled step that has no kernel on the GPU."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import LAYER, MODEL, Module
from m1doctor.lint.names import Region
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_OPS = {
    "tensorflow.boolean_mask": "Where",
    "tensorflow.cumsum": "Cumsum",
    "tensorflow.image.crop_and_resize": "CropAndResize",
    "tensorflow.image.non_max_suppression": "NonMaxSuppressionV3",
    "tensorflow.linalg.cholesky": "Cholesky",
    "tensorflow.linalg.eigh": "SelfAdjointEigV2",
    "tensorflow.linalg.inv": "MatrixInverse",
    "tensorflow.linalg.qr": "Qr",
    "tensorflow.linalg.svd": "Svd",
    "tensorflow.math.cumsum": "Cumsum",
    "tensorflow.reverse": "ReverseV2",
    "tensorflow.roll": "Roll",
    "tensorflow.signal.fft": "FFT",
    "tensorflow.signal.fft2d": "FFT2D",
    "tensorflow.signal.irfft": "IRFFT",
    "tensorflow.signal.rfft": "RFFT",
    "tensorflow.signal.stft": "RFFT",
}
_TYPES = {"FFT": "complex64", "FFT2D": "complex64", "Where": "bool"}


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Such calls where they run in every step."""
    table = versions.kernels()
    for call, region in module.calls_of(*_OPS):
        name = module.name_of(call.func, region) or ""
        op = _OPS[name]
        if not table.has(op, _TYPES.get(op, "float32")) and _runs_in_a_step(module, region):
            yield Seen(
                node=call.func,
                message=f"`{name.replace('tensorflow.', 'tf.', 1)}` has no GPU kernel in tensorflow-metal "
                f"{table.plugin}: it runs on the CPU, with copies each way.",
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
    words=tuple(f".{name.rpartition('.')[2]}" for name in _OPS),
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
