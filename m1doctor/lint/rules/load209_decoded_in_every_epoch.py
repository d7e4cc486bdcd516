"""LOAD209 decoded-in-every-epoch: files are read and decoded anew in every epoch."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import MODEL, Module
from m1doctor.lint.patterns import calls_outside, mapped_function
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Pipelines into `fit` that decode in a map and have no cache."""
    del versions
    for call, region in module.calls("fit"):
        owner = getattr(call.func, "value", None)
        data = module.argument(call, "x", 0)
        if data is None or not isinstance(owner, ast.expr) or module.type_of(owner, region) != MODEL:
            continue
        steps = (module.steps(data, region) if module.is_dataset(data, region) else None) or []
        if any(step.method in ("cache", "snapshot") for step in steps):
            continue
        for step in steps:
            function = mapped_function(step.module, step.call, step.region) if step.method == "map" else None
            if function is not None and any(_decodes(name) for name in calls_outside(step.module, function)):
                yield Seen(
                    node=step.call, message="This decodes every file again in every epoch; a `cache()` would not."
                )
                break


def _decodes(name: str) -> bool:
    last = name.rpartition(".")[2]
    return name.startswith(("tensorflow.io.", "tensorflow.image.", "tensorflow.audio.")) and last.startswith("decode_")


RULE = Rule(
    id="LOAD209",
    slug="decoded-in-every-epoch",
    level=Level.NOTE,
    judge=judge,
    words=("decode_",),
    gain="up to 57 times, from the second epoch on",
    page=RulePage(
        what="A pipeline into `fit` reads and decodes files in a `map` and caches nothing.",
        why=(
            "Where the decoded data fits into memory, the second epoch can have it for nothing: 57 times as fast was "
            "measured in the extreme. Whether it fits cannot be told from the code, so this is a hint."
        ),
        example="data = files.map(decode).batch(32)",
        better="data = files.map(decode).cache().batch(32)",
        fix="`cache()` after decoding and before anything random; `cache('file')` where memory is short.",
        versions="Every TensorFlow 2.",
        sources=(
            Source("TensorFlow: better performance with the tf.data API, caching",
                   "https://www.tensorflow.org/guide/data_performance#caching", "2026-11-23"),
        ),
    ),
)  # fmt: skip
