"""LOAD210 small-batch: batches too small to fill a GPU."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import MODEL, Module
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_SMALL = 16


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """`batch_size` of `fit`, and the last `batch` of a dataset that reaches it."""
    del versions
    for call, region in module.calls("fit"):
        owner = getattr(call.func, "value", None)
        if not isinstance(owner, ast.expr) or module.type_of(owner, region) != MODEL:
            continue
        size = module.argument(call, "batch_size", 2)
        data = module.argument(call, "x", 0)
        if size is not None and _is_small(module.literal(size, region)):
            yield Seen(node=size, message=_MESSAGE)
        elif data is not None and module.is_dataset(data, region):
            step = next((each for each in module.steps(data, region) or () if each.method == "batch"), None)
            given = None if step is None else step.module.argument(step.call, "batch_size", 0)
            if step is not None and given is not None and _is_small(step.module.literal(given, step.region)):
                yield Seen(node=data, message=_MESSAGE)


_MESSAGE = (
    "A batch this small leaves the GPU idle between launches; 64 takes about the time of 16, where memory allows."
)


def _is_small(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < _SMALL


RULE = Rule(
    id="LOAD210",
    slug="small-batch",
    level=Level.NOTE,
    judge=judge,
    words=("batch",),
    page=RulePage(
        what="`fit` trains on batches of fewer than 16.",
        why=(
            "Each op costs a launch of tens of microseconds, whatever its size. ResNet50 on images of 32 x 32 takes 42 "
            "ms a step at batch 16 on an M3 and 48 on an M3 Max with four times its GPU: both wait for launches. Large "
            "images may leave no choice, so this is a hint."
        ),
        example="model.fit(x, y, batch_size=8)",
        better="model.fit(x, y, batch_size=64)",
        fix="Double the batch until the time of a step grows with it, or set `steps_per_execution` in `compile`.",
        versions="Every TensorFlow 2.",
        sources=(
            Source("mrdbourke/mac-ml-speed-test: seconds for each batch size and chip",
                   "https://github.com/mrdbourke/mac-ml-speed-test", "2026-11-23"),
        ),
    ),
)  # fmt: skip
