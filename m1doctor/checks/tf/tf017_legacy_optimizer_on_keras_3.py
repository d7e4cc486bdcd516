"""TF017 legacy-optimizer-on-keras-3: the code names an optimizer that Keras 3 does not have."""

from __future__ import annotations

from m1doctor.checks.check import Check, Page, Source, Stage, nothing_by_itself
from m1doctor.checks.testimony import unless_told
from m1doctor.model.finding import Level

CHECK = Check(
    id="TF017",
    slug="legacy-optimizer-on-keras-3",
    level=Level.ERROR,
    stage=Stage.RESULTS,
    needs=("log",),
    applies=unless_told,
    judge=nothing_by_itself,
    passes="The log speaks of no optimizer that Keras 3 lacks.",
    page=Page(
        what=(
            "The code asks for `keras.optimizers.legacy`. Keras 3, which TensorFlow 2.16 and later bring, has no "
            "such optimizers and raises."
        ),
        why=(
            "For years the advice for Apple silicon was to name the older optimizers; it holds for Keras 2.11 to "
            "2.15 only and breaks every newer TensorFlow."
        ),
        see="Look for `keras.optimizers.legacy` in the last line of the traceback.",
        fix=(
            "Name the plain optimizer, `keras.optimizers.Adam` and the like. Code that cannot be changed belongs "
            "into an environment of its own with TensorFlow 2.15 or older."
        ),
        sources=(
            Source(
                "ktrain#525: keras.optimizers.legacy is not supported in Keras 3",
                "https://github.com/amaiya/ktrain/issues/525",
                "2026-11-24",
            ),
            Source(
                "Keras: migrating Keras 2 code to Keras 3",
                "https://keras.io/guides/migrating_to_keras_3/",
                "2026-11-24",
            ),
        ),
    ),
)
