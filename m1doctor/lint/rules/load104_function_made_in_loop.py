"""LOAD104 function-made-in-loop: `tf.function` is applied anew in each round of a loop."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import COMPILED, Module
from m1doctor.lint.names import Region
from m1doctor.lint.patterns import few_rounds, stored
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_FEW = 10
_MESSAGE = "A new function is made and traced in every round of this loop: about 26 times the time of a call."


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Compiled functions that are made in a loop, used in that very loop, and kept nowhere."""
    del versions
    decorators = {id(decorator) for node, _ in module.index.functions for decorator in node.decorator_list}
    for call, region in module.calls_of(COMPILED):
        if id(call) not in decorators and _is_lost(module, call, region):
            yield Seen(node=call, message=_MESSAGE)
    for function, region in module.index.functions:
        decorator = module.compiling_decorator(function, region)
        if decorator is None:
            continue
        loop = region.loop()
        if loop is not None and _used_only_here(module, function.name, loop):
            yield Seen(node=decorator, message=_MESSAGE)


def _is_lost(module: Module, call: ast.Call, region: Region) -> bool:
    loop = region.loop()
    if loop is None:
        return False
    if any(made.func is call for made, _ in module.calls_inside(loop)):
        return not few_rounds(module, loop, _FEW)  # tf.function(f)(x)
    for statement, place in module.index.assignments:
        if statement.value is call and place is region:
            targets = getattr(statement, "targets", None) or [statement.target]
            return all(isinstance(each, ast.Name) and _used_only_here(module, each.id, loop) for each in targets)
    return False


def _used_only_here(module: Module, name: str, loop: Region) -> bool:
    """Whether it is called in this loop, not in one inside (where one tracing serves many calls), and kept nowhere."""
    called = [region for call, region in module.calls(name) if isinstance(call.func, ast.Name) and region.inside(loop)]
    once_a_round = bool(called) and all(region.loop() is loop for region in called)
    return once_a_round and not few_rounds(module, loop, _FEW) and not stored(module, name, loop)


RULE = Rule(
    id="LOAD104",
    slug="function-made-in-loop",
    level=Level.WARNING,
    judge=judge,
    words=(".function", "import function"),
    gain="26 times",
    page=RulePage(
        what="`tf.function` is applied in a loop to a function that is used in that round only.",
        why=(
            "Each `tf.function` has graphs of its own: made in a loop, it is traced in every round, and no graph is "
            "ever used a second time. Measured: 26 times the time of a call of one function made before the loop."
        ),
        example="for batch in data:\n    step = tf.function(train_step)\n    step(batch)",
        better="step = tf.function(train_step)\nfor batch in data:\n    step(batch)",
        fix="Make the function once, before the loop.",
        versions="Every TensorFlow 2.",
        sources=(
            Source("TensorFlow: better performance with tf.function, rules of tracing",
                   "https://www.tensorflow.org/guide/function", "2026-11-23"),
            Source("Measured: TensorFlow 2.21, two cores of an AMD EPYC, interval 24 to 26", None, "2026-11-23"),
        ),
    ),
)  # fmt: skip
