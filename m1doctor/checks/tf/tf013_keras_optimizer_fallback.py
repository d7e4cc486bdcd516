"""TF013 keras-optimizer-fallback: Keras swaps an optimizer for an older one that does not exist or cannot be loaded."""

from __future__ import annotations

from m1doctor.checks.check import Check, Page, Source, Stage, nothing_by_itself
from m1doctor.checks.testimony import unless_told
from m1doctor.model.finding import Level

CHECK = Check(
    id="TF013",
    slug="keras-optimizer-fallback",
    level=Level.ERROR,
    stage=Stage.RESULTS,
    needs=("log",),
    applies=unless_told,
    judge=nothing_by_itself,
    passes="The log speaks of no optimizer that could not be exchanged.",
    page=Page(
        what=(
            "Keras 2.11 to 2.15 takes an older optimizer in the place of the one asked for when it runs on Apple "
            "silicon, and says so in one line. Some optimizers (AdamW, Adafactor, Lion) have no older form, and a "
            "saved model cannot be loaded into one: then an attribute is missing, such as `build` or `minimize`."
        ),
        why="The same code works on every other machine, so the fault is looked for in the model or the file.",
        see=(
            "Look for `Falling back to the legacy Keras optimizer` before the exception. That line alone is harmless."
        ),
        fix=(
            "Use TensorFlow 2.16 or later, whose Keras does not do this. Or load with `compile=False` and compile "
            "again, and give `compile` an optimizer made in the code, not its name."
        ),
        sources=(
            Source(
                "tf-keras#46: 'Adam' object has no attribute 'build'",
                "https://github.com/keras-team/tf-keras/issues/46",
                "2026-11-24",
            ),
            Source(
                "keras#18224: AdamW on Apple silicon",
                "https://github.com/keras-team/keras/issues/18224",
                "2026-11-24",
            ),
        ),
    ),
)
