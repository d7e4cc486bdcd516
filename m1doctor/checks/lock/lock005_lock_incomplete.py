"""LOCK005 lock-incomplete: the lock pins an empty release without the one that holds the code."""

from __future__ import annotations

from m1doctor.checks.check import Check, Page, Stage
from m1doctor.checks.lock_faults import faults
from m1doctor.checks.pinned import for_apple_silicon
from m1doctor.knowledge.lock_rules import Objection
from m1doctor.model.finding import Level

CHECK = Check(
    id="LOCK005",
    slug="lock-incomplete",
    level=Level.ERROR,
    stage=Stage.PACKAGES,
    needs=("given_lock",),
    applies=for_apple_silicon,
    judge=faults(Objection.INCOMPLETE, Level.ERROR, "The lock pins an empty release"),
    passes="The rules of locks for Apple silicon hold nothing of this kind against the lock.",
    page=Page(
        what=(
            "The lock pins a TensorFlow without code. "
            "Several releases of `tensorflow` and `tensorflow-macos` for Apple silicon are empty and leave the "
            "code to the other name. The lock pins such a release without the one that holds the code; "
            "tensorflow-macos 2.15.1 does not even require it."
        ),
        why=("What is installed from the lock has nothing to import, and no installer objects."),
        see="Read the versions in the lock and compare them with `m1doctor compat`.",
        fix="Make the lock anew with `m1doctor lock`, which refuses or replaces such versions and says why.",
    ),
)
