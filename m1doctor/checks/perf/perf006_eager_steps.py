"""PERF006 eager-steps: training steps run operation by operation in Python."""

from __future__ import annotations

from m1doctor.checks.check import Check, Page, Source, Stage, nothing_by_itself
from m1doctor.checks.watched import why_not_from_within
from m1doctor.model.finding import Level

CHECK = Check(
    id="PERF006",
    slug="eager-steps",
    level=Level.WARNING,
    stage=Stage.SPEED,
    needs=("profile",),
    applies=why_not_from_within,
    judge=nothing_by_itself,
    passes="The training steps ran as compiled graphs.",
    page=Page(
        what=(
            "Gradients were computed outside of any `tf.function`: every operation of a training step was "
            "started by Python, one after the other."
        ),
        why=(
            "A small operation takes 2.1 to 5.5 times as long that way (measured on a CPU; a GPU waits for "
            "Python in between), and `run_eagerly=True` made `fit` 2.1 to 7.7 times slower."
        ),
        see=(
            "Run `m1doctor profile --inside SCRIPT`: it counts the gradients that are computed eagerly and names "
            "the line."
        ),
        fix=(
            "Put the step into a function and decorate it with `@tf.function`; hand it tensors. Take "
            "`run_eagerly=True` and `tf.config.run_functions_eagerly(True)` out when the debugging is done."
        ),
        sources=(
            Source(
                "Better performance with tf.function",
                "https://www.tensorflow.org/guide/function",
                "2026-11-26",
            ),
            Source(
                "measured with TensorFlow 2.21 on two cores: a chain of 60 small operations, eager against "
                "graph; fit with run_eagerly",
                None,
                "2026-11-23",
            ),
        ),
    ),
)
