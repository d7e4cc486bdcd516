"""LOAD105 python-number-retraces: a `tf.function` is given a new number of Python in each round."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import COMPILED, Local, Module
from m1doctor.lint.names import LOOPS, Region
from m1doctor.lint.patterns import few_rounds, python_numbers
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_FEW = 4
_RELAXED = frozenset({"reduce_retracing", "experimental_relax_shapes", "input_signature"})


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Arguments that are a counter of a loop, or arithmetic on one."""
    del versions
    if "function" not in module.index.calls and not any(
        module.is_compiled(node, region) for node, region in module.index.functions
    ):
        return
    for placed in module.index.calls.values():
        for call, region in placed:
            counters = _counters(module, region)
            if not counters or _is_in_graph(module, region):
                continue
            given = next((each for each in call.args if _is_counter(each, counters)), None)
            if given is not None and _retraces(module, call, region):
                yield Seen(
                    node=given,
                    message=f"`{ast.unparse(given)}` is another number of Python in every round: the function is "
                    "traced again for each, about 23 times the time of a call.",
                )


def _counters(module: Module, region: Region) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for place in region.within_scope():
        if isinstance(place.node, LOOPS) and not few_rounds(module, place, _FEW):
            found |= python_numbers(place)
    return found


def _is_in_graph(module: Module, region: Region) -> bool:
    function = region.function()
    return function is not None and function.parent is not None and module.is_compiled(function.node, function.parent)


def _is_counter(node: ast.expr, counters: frozenset[str]) -> bool:
    if isinstance(node, ast.BinOp):
        parts = (node.left, node.right)
        return any(_is_counter(part, counters) for part in parts) and all(
            _is_counter(part, counters) or isinstance(part, ast.Constant) for part in parts
        )
    return isinstance(node, ast.Name) and node.id in counters


def _retraces(module: Module, call: ast.Call, region: Region) -> bool:
    meaning = module.meaning(call.func, region)
    if isinstance(meaning, Local):
        decorator = meaning.module.compiling_decorator(meaning.node, meaning.region)
        return decorator is not None and not _is_relaxed(decorator)
    if module.type_of(call.func, region) != COMPILED:
        return False
    values = module.values(call.func, region) or []
    return not any(_is_relaxed(value.node) for value in values)


def _is_relaxed(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and any(keyword.arg in _RELAXED for keyword in node.keywords)


RULE = Rule(
    id="LOAD105",
    slug="python-number-retraces",
    level=Level.WARNING,
    judge=judge,
    words=(".function", "import function"),
    gain="23 times",
    page=RulePage(
        what="A `tf.function` is called with the counter of a Python loop, or with arithmetic on it.",
        why=(
            "A number of Python is a part of the graph, not an input to it: each new value is traced anew. Measured: "
            "23 times the time of a call with a tensor. Loops of at most four rounds are not reported."
        ),
        example="for step in range(1000):\n    train_step(batch, step)",
        better="for step in range(1000):\n    train_step(batch, tf.constant(step))",
        fix=(
            "Pass `tf.constant(step)`, or iterate over `tf.range` or a dataset. Where the values differ in shape only, "
            "`tf.function(reduce_retracing=True)` traces once for all of them."
        ),
        versions="Every TensorFlow 2; `reduce_retracing` is called `experimental_relax_shapes` before 2.9.",
        sources=(
            Source("TensorFlow: better performance with tf.function, controlling retracing",
                   "https://www.tensorflow.org/guide/function#controlling_retracing", "2026-11-23"),
            Source("Measured: TensorFlow 2.21, two cores of an AMD EPYC, interval 23 to 28", None, "2026-11-23"),
        ),
    ),
)  # fmt: skip
