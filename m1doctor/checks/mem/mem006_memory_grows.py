"""MEM006 memory-grows: a watched script's memory grows from step to step."""

from __future__ import annotations

from m1doctor.checks.check import Check, Page, Source, Stage, nothing_by_itself
from m1doctor.model.finding import Level

CHECK = Check(
    id="MEM006",
    slug="memory-grows",
    level=Level.WARNING,
    stage=Stage.MEMORY,
    needs=("profile",),
    judge=nothing_by_itself,
    passes="The script's memory levelled off after the start of its training.",
    page=Page(
        what=(
            "The memory of the script and of the processes below it went on growing after its training had "
            "begun, evenly, by more than 100 MB and a tenth."
        ),
        why=(
            "Unified memory holds the GPU's data too: what is kept from step to step first takes the file cache, "
            "then makes the machine compress and swap, and the training slows down with every epoch until the "
            "system kills it."
        ),
        see=(
            "Run `m1doctor profile SCRIPT` and look at the line of memory; or watch the process in Activity "
            "Monitor > Memory over some minutes."
        ),
        fix=(
            "Keep numbers, not tensors, of each step; make models, functions, optimizers and datasets once; give "
            "`cache()` a file where the dataset is larger than memory. A list of losses that are tensors keeps "
            "every graph's output alive."
        ),
        sources=(
            Source(
                "Better performance with tf.function: accumulating tensors in lists",
                "https://www.tensorflow.org/guide/function",
                "2026-11-26",
            ),
        ),
    ),
)
