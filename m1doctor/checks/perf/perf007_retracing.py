"""PERF007 retracing: a function is traced again and again."""

from __future__ import annotations

from m1doctor.checks.check import Check, Page, Source, Stage, nothing_by_itself
from m1doctor.checks.watched import why_not_from_within
from m1doctor.model.finding import Level

CHECK = Check(
    id="PERF007",
    slug="retracing",
    level=Level.WARNING,
    stage=Stage.SPEED,
    needs=("profile",),
    applies=why_not_from_within,
    judge=nothing_by_itself,
    passes="No function of the script was traced again and again.",
    page=Page(
        what=(
            "A `tf.function` of the script was traced, or made, more than five times: each time TensorFlow runs "
            "its Python and builds and optimizes a new graph."
        ),
        why=(
            "A trace takes longer than many steps: a function made in the loop cost 26 times its own time, a "
            "Python number as an argument 23 times (measured on a CPU)."
        ),
        see=(
            "Run `m1doctor profile --inside SCRIPT`: it counts the traces of each function; TensorFlow itself "
            "warns of `tf.function retracing` in its log."
        ),
        fix=(
            "Make the function once, outside of the loop. Hand it tensors in the place of Python numbers, and "
            "batches of one shape, or say `reduce_retracing=True`."
        ),
        sources=(
            Source(
                "Better performance with tf.function: rules of tracing",
                "https://www.tensorflow.org/guide/function",
                "2026-11-26",
            ),
            Source(
                "measured with TensorFlow 2.21 on two cores",
                None,
                "2026-11-23",
            ),
        ),
    ),
)
