"""LOAD202 batches-by-hand: a loop over slices of arrays, which is fine as long as it stays that."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import MODEL, Module
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """`train_on_batch` in a loop, of slices."""
    del versions
    for call, region in module.calls("train_on_batch"):
        owner = getattr(call.func, "value", None)
        if owner is None or region.loop() is None or module.type_of(owner, region) not in (None, MODEL):
            continue
        if any(isinstance(argument, ast.Subscript) for argument in call.args):
            yield Seen(node=call, message="No cost was measured for this loop; preprocessing in it would have one.")


RULE = Rule(
    id="LOAD202",
    slug="batches-by-hand",
    level=Level.NOTE,
    judge=judge,
    words=("train_on_batch",),
    page=RulePage(
        what="A loop calls `train_on_batch` with slices of arrays.",
        why=(
            "It is often said to be slow and is not: 0.94 to 1.08 times the time of `fit` with a dataset was measured. "
            "It is where preprocessing is added later, and then the GPU waits for it (LOAD201)."
        ),
        example="for i in range(0, n, 32):\n    model.train_on_batch(x[i:i + 32], y[i:i + 32])",
        better="model.fit(x, y, batch_size=32)",
        fix="Nothing needs to be done.",
        versions="Every TensorFlow 2.",
        sources=(Source("Measured: TensorFlow 2.21, Keras 3.15, two cores of an AMD EPYC", None, "2026-11-23"),),
    ),
)
