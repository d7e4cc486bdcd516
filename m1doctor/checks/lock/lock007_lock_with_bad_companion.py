"""LOCK007 lock-with-bad-companion: the lock pins a package that breaks its TensorFlow."""

from __future__ import annotations

from m1doctor.checks.check import Check, Page, Stage
from m1doctor.checks.lock_faults import faults
from m1doctor.checks.pinned import for_apple_silicon
from m1doctor.knowledge.lock_rules import Objection
from m1doctor.model.finding import Level

CHECK = Check(
    id="LOCK007",
    slug="lock-with-bad-companion",
    level=Level.WARNING,
    stage=Stage.PACKAGES,
    needs=("given_lock",),
    applies=for_apple_silicon,
    judge=faults(Objection.COMPANION, Level.WARNING, "The lock pins a package that breaks what it is beside"),
    passes="The rules of locks for Apple silicon hold nothing of this kind against the lock.",
    page=Page(
        what=(
            "The lock pins a release that this TensorFlow, or the TensorBoard that comes with it, does not work "
            "with, although no metadata says so: setuptools 82 and later without `pkg_resources`, NumPy 2 beside "
            "TensorFlow 2.11 and earlier."
        ),
        why=("It installs cleanly, and the import or TensorBoard fails."),
        see="Read the versions in the lock and compare them with `m1doctor compat`.",
        fix="Make the lock anew with `m1doctor lock`, which refuses or replaces such versions and says why.",
    ),
)
