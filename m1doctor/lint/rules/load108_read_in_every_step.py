"""LOAD108 read-in-every-step: the result of each step is fetched, and the loop waits for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import COMPILED, Module
from m1doctor.lint.names import Kind, Region, reaching
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """`.numpy()`, `.item()` and `float()` of what a compiled function gave in the same round."""
    del versions
    for call, region in module.calls("numpy", "item", "float"):
        loop = region.loop()
        if loop is None:
            continue
        read = call.func.value if isinstance(call.func, ast.Attribute) else (call.args or [None])[0]
        if isinstance(read, ast.Name) and _is_result_of_step(module, read, region, loop):
            is_now_and_then = any(
                isinstance(place.node, ast.If) for place in region.within_scope() if place.inside(loop)
            )
            if not is_now_and_then:
                yield Seen(node=call, message="The loop waits here for the GPU in every step.")


def _is_result_of_step(module: Module, read: ast.Name, region: Region, loop: Region) -> bool:
    bindings = reaching(read.id, (read.lineno, read.col_offset), region)
    return bool(bindings) and all(
        binding.kind is Kind.ASSIGN
        and binding.region.inside(loop)
        and isinstance(binding.value, ast.Call)
        and module.type_of(binding.value.func, binding.region) == COMPILED
        for binding in bindings
    )


RULE = Rule(
    id="LOAD108",
    slug="read-in-every-step",
    level=Level.NOTE,
    judge=judge,
    words=(".numpy", ".item", "float("),
    page=RulePage(
        what="A loop of training fetches the result of every step: `.numpy()`, `.item()`, `float()`.",
        why=(
            "Steps are queued for the GPU, and Python runs ahead of it. Fetching a number waits until the queue is "
            "empty. On a CPU nothing is queued, and nothing is lost (0.84 of the time was measured); on Metal it is "
            "unmeasured."
        ),
        example="for batch in data:\n    loss = train_step(batch)\n    losses.append(loss.numpy())",
        better="for batch in data:\n    mean.update_state(train_step(batch))\nprint(mean.result().numpy())",
        fix="Collect in a `keras.metrics.Mean`, and read it every hundred steps.",
        versions="Every TensorFlow 2, on a GPU.",
        sources=(
            Source("TensorFlow: optimize GPU performance with the profiler",
                   "https://www.tensorflow.org/guide/gpu_performance_analysis", "2026-11-23"),
        ),
    ),
)  # fmt: skip
