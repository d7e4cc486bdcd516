"""LOAD102 eager-program: every compiled function of the program runs eagerly."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import Module
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """The switches for the whole program."""
    del versions
    for call, region in module.calls_of("tensorflow.config.run_functions_eagerly"):
        given = module.argument(call, "run_eagerly", 0)
        if given is not None and module.literal(given, region) is True:
            yield Seen(node=call, message="From here on nothing is compiled: 2.1 to 7.7 times the time of a step.")
    for call, _ in module.calls_of("tensorflow.data.experimental.enable_debug_mode"):
        yield Seen(node=call, message="From here on input pipelines run eagerly, one element after the other.")


RULE = Rule(
    id="LOAD102",
    slug="eager-program",
    level=Level.NOTE,
    judge=judge,
    words=("run_functions_eagerly", "enable_debug_mode"),
    gain="2.1 to 7.7 times",
    page=RulePage(
        what="`tf.config.run_functions_eagerly(True)` or `tf.data.experimental.enable_debug_mode()`.",
        why=(
            "Both are for debugging, and both hold for the whole program: no function is compiled, and no pipeline "
            "runs in parallel. Measured for steps of training: 2.1 to 7.7 times the time."
        ),
        example="tf.config.run_functions_eagerly(True)",
        better="tf.config.run_functions_eagerly(False)",
        fix="Take it away once what was looked for is found.",
        versions="TensorFlow 2.3 and later; debug mode from 2.5 on.",
        sources=(
            Source("TensorFlow: tf.config.run_functions_eagerly",
                   "https://www.tensorflow.org/api_docs/python/tf/config/run_functions_eagerly", "2026-11-23"),
        ),
    ),
)  # fmt: skip
