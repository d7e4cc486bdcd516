"""LOAD206 python-in-pipeline: a mapped function calls back into Python."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import Module
from m1doctor.lint.patterns import PYTHON_IN_PIPELINE, calls_outside, mapped_function
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """`py_function` and `numpy_function` in mapped functions."""
    del versions
    for call, region in module.calls("map"):
        owner = getattr(call.func, "value", None)
        if owner is None or not module.is_dataset(owner, region):
            continue
        function = mapped_function(module, call, region)
        if function is not None and any(name in PYTHON_IN_PIPELINE for name in calls_outside(module, function)):
            yield Seen(node=call, message="This map calls Python for each element, one at a time: 4.9 times the time.")


RULE = Rule(
    id="LOAD206",
    slug="python-in-pipeline",
    level=Level.NOTE,
    judge=judge,
    words=(".map",),
    gain="4.9 times",
    page=RulePage(
        what="A mapped function uses `tf.py_function` or `tf.numpy_function`.",
        why=(
            "Python runs one thread at a time: whatever `num_parallel_calls` says, elements wait for each other. "
            "Measured for a cheap function: 4.9 times the time of the same in TensorFlow's ops."
        ),
        example="data.map(lambda x: tf.numpy_function(augment, [x], tf.float32))",
        better="data.map(augment_with_tf, num_parallel_calls=tf.data.AUTOTUNE)",
        fix="Use TensorFlow's ops. Where there are none, a `keras.utils.PyDataset` with workers runs in processes.",
        versions="Every TensorFlow 2.",
        sources=(
            Source("TensorFlow: tf.numpy_function",
                   "https://www.tensorflow.org/api_docs/python/tf/numpy_function", "2026-11-23"),
        ),
    ),
)  # fmt: skip
