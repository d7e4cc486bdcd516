"""TF014 slow-keras-optimizer: the update of the weights is built of many small launches."""

from __future__ import annotations

from m1doctor.checks.check import Check, Page, Source, Stage, nothing_by_itself
from m1doctor.checks.watched import why_not_from_within
from m1doctor.model.finding import Level

CHECK = Check(
    id="TF014",
    slug="slow-keras-optimizer",
    level=Level.WARNING,
    stage=Stage.SPEED,
    needs=("profile",),
    applies=why_not_from_within,
    judge=nothing_by_itself,
    passes="The optimizer's update is a small part of a step.",
    page=Page(
        what=(
            "Launching the optimizer's operations takes a fifth of a step or more. "
            "Since Keras 2.11 the optimizers are written in Python: Adam updates each variable with about eighteen "
            "operations more than SGD. The model has so many variables, and its steps are so short, that launching "
            "these operations takes a fifth of a step or more."
        ),
        why=(
            "On Metal an operation costs some tens of microseconds, whatever its size. A step of ResNet50 has 2,961 "
            "operations with SGD and 6,813 with Adam. The share is counted, not measured: the launches are those of "
            "the graph, their cost is a published figure."
        ),
        see="Run `m1doctor profile --inside SCRIPT` with Adam and with SGD, and compare the time of a step.",
        fix=(
            "With TensorFlow 2.11 to 2.15 use `tf.keras.optimizers.legacy`, whose updates are one operation "
            "each; Keras 3 "
            "has no such thing. Elsewhere make the batch larger, so that an update is rarer."
        ),
        sources=(
            Source(
                "tensorflow#59438: the optimizers of 2.11 are up to three times slower on Metal",
                "https://github.com/tensorflow/tensorflow/issues/59438",
                "2026-11-23",
            ),
            Source("counted in the traced graph of ResNet50, TensorFlow 2.21 and Keras 3.15", None, "2026-11-23"),
        ),
    ),
)
