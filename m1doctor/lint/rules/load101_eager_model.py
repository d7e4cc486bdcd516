"""LOAD101 eager-model: a model is compiled to run eagerly."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import MODEL, Module
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """`compile` with ``run_eagerly=True``: a keyword that nothing but a Keras model has."""
    del versions
    for call, region in module.calls("compile"):
        value = module.argument(call, "run_eagerly")
        if value is None or module.literal(value, region) is not True:
            continue
        owner = getattr(call.func, "value", None)
        if owner is not None and module.type_of(owner, region) in (None, MODEL):
            yield Seen(
                node=value,
                message="With `run_eagerly=True` every op of every step is started from Python: "
                "2.1 to 7.7 times the time of a step.",
            )


RULE = Rule(
    id="LOAD101",
    slug="eager-model",
    level=Level.WARNING,
    judge=judge,
    words=("run_eagerly",),
    gain="2.1 to 7.7 times",
    page=RulePage(
        what="A model is compiled with `run_eagerly=True`, so that its steps are not compiled into a graph.",
        why=(
            "Each op is then started from Python one by one. Measured on a CPU, a step takes 7.7 times as long for a "
            "small dense network at batch 32 and 2.1 times for a convolutional one at batch 256; a GPU waits longer, "
            "because each start costs it tens of microseconds."
        ),
        example="model.compile(optimizer='sgd', loss='mse', run_eagerly=True)",
        better="model.compile(optimizer='sgd', loss='mse')",
        fix="Take the argument away once what was looked for is found. It is meant for debugging.",
        versions="Every TensorFlow 2.",
        sources=(
            Source(
                "Keras: compile(), run_eagerly",
                "https://www.tensorflow.org/api_docs/python/tf/keras/Model",
                "2026-11-23",
            ),
            Source("Measured: TensorFlow 2.21, Keras 3.15, two cores of an AMD EPYC", None, "2026-11-23"),
        ),
    ),
)
