"""TF016 augmentation-while-loop: random layers work image by image in a loop."""

from __future__ import annotations

from m1doctor.checks.check import Check, Page, Source, Stage, nothing_by_itself
from m1doctor.checks.testimony import unless_told
from m1doctor.model.finding import Level

CHECK = Check(
    id="TF016",
    slug="augmentation-while-loop",
    level=Level.WARNING,
    stage=Stage.SPEED,
    needs=("log",),
    applies=unless_told,
    judge=nothing_by_itself,
    passes="The log speaks of no loop over single images.",
    page=Page(
        what=(
            "Keras' random layers map over a batch with vectorized ops. In Keras 2.9 and 2.10 many random ops "
            "have no vectorized form, so the layer falls back to a loop over single images and says `Using a "
            "while_loop for converting …`."
        ),
        why="The results are right, but the loop keeps the GPU idle: an epoch takes several times as long.",
        see="Look for `Using a while_loop for converting` when the model or the pipeline is built.",
        fix=(
            "Do the augmentation in the tf.data pipeline on the CPU, image by image before batching, or use "
            "another Keras than 2.9 and 2.10."
        ),
        sources=(
            Source(
                "tensorflow#58108: augmentation layers became slow",
                "https://github.com/tensorflow/tensorflow/issues/58108",
                "2026-11-24",
            ),
            Source(
                "keras-cv#581: while_loop in preprocessing layers",
                "https://github.com/keras-team/keras-cv/issues/581",
                "2026-11-24",
            ),
        ),
    ),
)
