"""LOAD107 predict-in-loop: `model.predict` is called in a loop, for a little input each time."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import DATASET, MODEL, Module
from m1doctor.lint.patterns import changing, few_rounds, uses
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_FEW = 10


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Predictions whose input changes with the loop, by a model that does not."""
    del versions
    for call, region in module.calls("predict"):
        loop = region.loop()
        given = module.argument(call, "x", 0)
        if loop is None or given is None or not isinstance(call.func, ast.Attribute):
            continue
        owner = call.func.value
        names = changing(loop)
        if not uses(given, names) or uses(owner, names) or few_rounds(module, loop, _FEW):
            continue
        if module.type_of(owner, region) == MODEL and module.type_of(given, region) != DATASET:
            yield Seen(
                node=call,
                message="`predict` builds an input pipeline at every call: for single samples, 64 to 74 times the time "
                "of calling the model.",
            )


RULE = Rule(
    id="LOAD107",
    slug="predict-in-loop",
    level=Level.WARNING,
    judge=judge,
    words=(".predict",),
    gain="64 to 74 times",
    page=RulePage(
        what="`model.predict` is called in a loop, each time for other input.",
        why=(
            "`predict` is made for many batches at once: every call makes a dataset, an iterator and callbacks anew. "
            "Measured for one sample: 74 times the time of `model(x)`, 64 times that of `predict_on_batch`. Loops of "
            "at most ten rounds, and models that are made in the loop, are not reported."
        ),
        example="for image in images:\n    scores.append(model.predict(image[None]))",
        better="scores = model.predict(images)",
        fix=(
            "Put the input together and predict once. Where each answer is needed before the next question, call "
            "`model(x, training=False)` or `model.predict_on_batch(x)`."
        ),
        versions="Every TensorFlow 2.",
        sources=(
            Source("Keras: Model.predict and Model.__call__",
                   "https://www.tensorflow.org/api_docs/python/tf/keras/Model#predict", "2026-11-23"),
            Source("Measured: TensorFlow 2.21, Keras 3.15, two cores of an AMD EPYC", None, "2026-11-23"),
        ),
    ),
)  # fmt: skip
