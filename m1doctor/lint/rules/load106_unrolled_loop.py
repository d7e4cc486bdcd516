"""LOAD106 unrolled-loop: a long loop of Python inside of a compiled function."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import Module
from m1doctor.lint.patterns import few_rounds, is_builtin
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_LONG = 50


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """`for` over a `range` of at least fifty, in a function that is compiled."""
    del versions
    for loop, body in module.index.loops:
        function = body.function()
        if function is None or function.parent is None or not module.is_compiled(function.node, function.parent):
            continue
        iterated = getattr(loop, "iter", None)
        if not isinstance(iterated, ast.Call) or not is_builtin(iterated.func, "range", body):
            continue
        bounds = [module.literal(each, body) for each in iterated.args]
        if bounds and all(isinstance(bound, int) for bound in bounds) and not few_rounds(module, body, _LONG - 1):
            yield Seen(node=iterated, message="This loop is unrolled: the graph holds its body once for every round.")


RULE = Rule(
    id="LOAD106",
    slug="unrolled-loop",
    level=Level.NOTE,
    judge=judge,
    words=(".function", "import function"),
    gain="4.3 times the time of tracing",
    page=RulePage(
        what="A compiled function has a `for` over Python's `range` with 50 or more rounds.",
        why=(
            "A loop of Python runs while the function is traced, so that the graph holds every round. Measured with "
            "400 rounds: 4.3 times the time of the first call. The rounds themselves are as fast, or faster."
        ),
        example="@tf.function\ndef f(x):\n    for _ in range(400):\n        x = step(x)\n    return x",
        better="@tf.function\ndef f(x):\n    for _ in tf.range(400):\n        x = step(x)\n    return x",
        fix="Iterate over `tf.range`.",
        versions="Every TensorFlow 2.",
        sources=(
            Source("TensorFlow: better performance with tf.function, loops",
                   "https://www.tensorflow.org/guide/function#loops", "2026-11-23"),
        ),
    ),
)  # fmt: skip
