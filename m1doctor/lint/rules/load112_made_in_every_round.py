"""LOAD112 made-in-every-round: an optimizer, or the whole machinery of `fit`, is made anew in every round of a loop."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import MODEL, OPTIMIZER, Module
from m1doctor.lint.patterns import changing, few_rounds, uses
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_FEW = 3


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """`fit` for one epoch in a loop; optimizers that are made and applied in a loop."""
    del versions
    for call, region in module.calls("fit"):
        loop = region.loop()
        owner = getattr(call.func, "value", None)
        if loop is None or not isinstance(owner, ast.expr) or uses(owner, changing(loop)):
            continue
        epochs = module.argument(call, "epochs")
        if epochs is not None and module.literal(epochs, region) != 1:
            continue
        if module.type_of(owner, region) == MODEL and not few_rounds(module, loop, _FEW):
            yield Seen(node=call, message="`fit` sets up anew in every round of this loop: 1.4 times the time.")
    for call, region in module.calls("apply_gradients"):
        loop = region.loop()
        owner = getattr(call.func, "value", None)
        if loop is None or not isinstance(owner, ast.Name) or owner.id not in changing(loop):
            continue
        if module.type_of(owner, region) == OPTIMIZER and region.loop() is loop:
            yield Seen(
                node=call, message="Its optimizer is made anew in every round: 2.3 times the time, and no memory."
            )


RULE = Rule(
    id="LOAD112",
    slug="made-in-every-round",
    level=Level.NOTE,
    judge=judge,
    words=(".fit", ".apply_gradients"),
    gain="1.4 to 2.3 times",
    page=RulePage(
        what="A loop calls `fit` for one epoch each time, or makes its optimizer anew in every round.",
        why=(
            "Measured: 1.4 times the time of one `fit` for all epochs, 2.3 times for a new optimizer in each step. A "
            "new optimizer also forgets the moments that it lives on."
        ),
        example="for epoch in range(50):\n    model.fit(data, epochs=1)",
        better="model.fit(data, epochs=50)",
        fix="One `fit` with `epochs`, and callbacks for what happens in between. Make the optimizer before the loop.",
        versions="Every TensorFlow 2.",
        sources=(Source("Measured: TensorFlow 2.21, Keras 3.15, two cores of an AMD EPYC", None, "2026-11-23"),),
    ),
)
