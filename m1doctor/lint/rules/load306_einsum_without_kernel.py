"""LOAD306 einsum-without-kernel: attention and `tf.einsum` run their products on the CPU."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import LAYER, MODEL, Module
from m1doctor.lint.names import Region
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_LAYERS = ("keras.layers.MultiHeadAttention", "keras.layers.GroupQueryAttention", "keras.layers.GroupedQueryAttention")
_EINSUMS = ("tensorflow.einsum", "tensorflow.linalg.einsum", "keras.ops.einsum")


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Attention layers; `einsum` where a model computes."""
    table = versions.kernels()
    if table.has("Einsum", "float32"):
        return
    for call, region in module.calls_of(*_LAYERS):
        name = (module.name_of(call.func, region) or "").rpartition(".")[2]
        yield Seen(
            node=call.func,
            message=f"`{name}` computes with Einsum, for which tensorflow-metal {table.plugin} has no GPU kernel: its "
            "products run on the CPU, six for each layer and step.",
            only_if=versions.if_plugin(),
        )
    for call, region in module.calls_of(*_EINSUMS):
        yield Seen(
            node=call.func,
            message=f"`einsum` has no GPU kernel in tensorflow-metal {table.plugin}: this product runs on the CPU, "
            "with copies of its operands each way.",
            only_if=versions.if_plugin(),
            level=None if _is_in_a_model(module, region) else Level.NOTE,
        )
    if module.uses_keras_2 or versions.keras_major() == 2:  # noqa: PLR2004 - a line of Keras
        for call, _ in module.calls_of("keras.layers.EinsumDense"):
            yield Seen(
                node=call.func,
                message=f"`EinsumDense` of Keras 2 computes with Einsum, for which tensorflow-metal {table.plugin} has "
                "no GPU kernel.",
                only_if=versions.if_plugin(),
            )


def _is_in_a_model(module: Module, region: Region) -> bool:
    """Whether it runs in a method of a layer or a model, or in a compiled function."""
    owner = region.class_()
    if owner is not None and owner.parent is not None and isinstance(owner.node, ast.ClassDef):
        return module.family(owner.node, owner.parent) in (LAYER, MODEL)
    function = region.function()
    return function is not None and function.parent is not None and module.is_compiled(function.node, function.parent)


RULE = Rule(
    id="LOAD306",
    slug="einsum-without-kernel",
    level=Level.WARNING,
    judge=judge,
    words=("einsum", "MultiHeadAttention", "QueryAttention", "EinsumDense"),
    page=RulePage(
        what="`MultiHeadAttention`, or `tf.einsum` in a layer, a model or a compiled function.",
        why=(
            "tensorflow-metal up to 1.2.0 has no kernel for `Einsum`. One attention layer has six of them in a "
            "training step; each copies its operands to the CPU and the result back. It fits that a small transformer "
            "gains 1.4 times from an M3 Max over an M1 Pro with 2.7 times the GPU."
        ),
        example="x = keras.layers.MultiHeadAttention(num_heads=4, key_dim=32)(x, x)",
        better=(
            "scores = tf.matmul(query, key, transpose_b=True) / key_dim ** 0.5\n"
            "x = tf.matmul(tf.nn.softmax(scores), value)"
        ),
        fix=(
            "Write the products with `tf.matmul`, as `keras.layers.Attention` does. `EinsumDense` of Keras 3 has what "
            "it needs; that of Keras 2 does not."
        ),
        versions="tensorflow-metal 1.2.0 and older.",
        sources=(
            Source("The kernels that tensorflow-metal 0.5.0 to 1.2.0 register, read from the published libraries", None,
                   "2026-11-23"),
            Source("Traced: six Einsum for each MultiHeadAttention, TensorFlow 2.18.1 and 2.21", None, "2026-11-23"),
        ),
    ),
)  # fmt: skip
