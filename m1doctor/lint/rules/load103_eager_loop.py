"""LOAD103 eager-loop: a loop of training computes its gradients eagerly."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import Local, Module
from m1doctor.lint.names import Region
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Tapes in a loop, or in a function that a loop calls, with nothing compiled on the way."""
    del versions
    for call, region in module.calls_of("tensorflow.GradientTape"):
        if _runs_eagerly(module, region, frozenset()) and _is_in_a_loop(module, region):
            yield Seen(
                node=call,
                message="This loop computes gradients op by op: a step under `tf.function` takes a half to a fifth of "
                "the time.",
            )


def _runs_eagerly(module: Module, region: Region, seen: frozenset[ast.AST]) -> bool:
    """Whether neither the function around, nor any of its callers in this file, is compiled."""
    for place in region.outwards():
        if not isinstance(place.node, ast.FunctionDef | ast.AsyncFunctionDef) or place.parent is None:
            continue
        if module.is_compiled(place.node, place.parent) or _is_wrapped(module, place.node):
            return False
        if isinstance(place.parent.node, ast.ClassDef) and place.node.name in ("train_step", "call", "test_step"):
            return False  # Keras compiles these
        if place.node in seen:
            return True
        callers = _callers(module, place.node)
        if not all(_runs_eagerly(module, caller, seen | {place.node}) for caller in callers):
            return False
    return True


def _is_wrapped(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function is given to anything else that may compile it."""
    return any(
        isinstance(argument, ast.Name | ast.Attribute)
        and (argument.id if isinstance(argument, ast.Name) else argument.attr) == function.name
        for placed in module.index.calls.values()
        for call, _ in placed
        for argument in call.args
    )


def _callers(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[Region]:
    found = []
    for call, region in module.calls(function.name):
        meaning = module.meaning(call.func, region)
        if isinstance(meaning, Local) and meaning.node is function:
            found.append(region)
    return found


def _is_in_a_loop(module: Module, region: Region) -> bool:
    if region.loop() is not None:
        return True
    function = region.function()
    if function is None or not isinstance(function.node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return any(caller.loop() is not None for caller in _callers(module, function.node))


RULE = Rule(
    id="LOAD103",
    slug="eager-loop",
    level=Level.NOTE,
    judge=judge,
    words=("GradientTape",),
    gain="2 to 5.5 times",
    page=RulePage(
        what="A `GradientTape` is recorded in a loop, and no function on the way is compiled.",
        why=(
            "Each op of the step is started from Python. Measured: 5.5 times the time of the same loop with a compiled "
            "step for a small dense network, 2.1 times for a large convolutional one. Not every step can be compiled "
            "(side effects of Python, `.numpy()`, shapes that differ each time), so this is a hint."
        ),
        example="for x, y in data:\n    with tf.GradientTape() as tape:\n        loss = error(y, model(x))",
        better="@tf.function\ndef step(x, y):\n    with tf.GradientTape() as tape:\n        loss = error(y, model(x))",
        fix="Put the step into a function of its own and decorate it with `@tf.function`.",
        versions="Every TensorFlow 2.",
        sources=(
            Source("TensorFlow: better performance with tf.function",
                   "https://www.tensorflow.org/guide/function", "2026-11-23"),
            Source("Measured: TensorFlow 2.21, two cores of an AMD EPYC", None, "2026-11-23"),
        ),
    ),
)  # fmt: skip
