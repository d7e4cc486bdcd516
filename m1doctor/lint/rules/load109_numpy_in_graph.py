"""LOAD109 numpy-in-graph: a compiled function asks a tensor for its value."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import Module
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """`.numpy()` directly in the body of a compiled function."""
    del versions
    for call, region in module.calls("numpy"):
        function = region.function()
        if call.args or call.keywords or not isinstance(call.func, ast.Attribute):
            continue
        if function is None or function.parent is None or module.name_of(call.func, region) is not None:
            continue
        if module.is_compiled(function.node, function.parent):
            yield Seen(
                node=call, message="In a compiled function a tensor has no value yet: this raises when it is traced."
            )


RULE = Rule(
    id="LOAD109",
    slug="numpy-in-graph",
    level=Level.NOTE,
    judge=judge,
    words=(".numpy",),
    page=RulePage(
        what="`.numpy()` is called in the body of a `tf.function`.",
        why=(
            "While a function is traced its tensors are symbols without values: AttributeError. It goes unseen as long "
            "as functions run eagerly, which is often why they do."
        ),
        example="@tf.function\ndef step(x):\n    return model(x).numpy()",
        better="@tf.function\ndef step(x):\n    return model(x)",
        fix="Return the tensor and read it outside; `tf.print` prints from inside.",
        versions="Every TensorFlow 2.",
        sources=(
            Source("TensorFlow: introduction to graphs and tf.function",
                   "https://www.tensorflow.org/guide/intro_to_graphs", "2026-11-23"),
        ),
    ),
)  # fmt: skip
