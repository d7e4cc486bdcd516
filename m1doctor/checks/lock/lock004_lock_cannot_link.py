"""LOCK004 lock-cannot-link: the lock pins a pair that cannot load."""

from __future__ import annotations

from m1doctor.checks.check import Check, Page, Stage
from m1doctor.checks.lock_faults import faults
from m1doctor.checks.pinned import for_apple_silicon
from m1doctor.knowledge.lock_rules import Objection
from m1doctor.model.finding import Level

CHECK = Check(
    id="LOCK004",
    slug="lock-cannot-link",
    level=Level.ERROR,
    stage=Stage.PACKAGES,
    needs=("given_lock",),
    applies=for_apple_silicon,
    judge=faults(Objection.CANNOT_LINK, Level.ERROR, "The lock pins what cannot load"),
    passes="The rules of locks for Apple silicon hold nothing of this kind against the lock.",
    page=Page(
        what=(
            "The lock pins a TensorFlow and a GPU plugin that do not link (measured on the published wheels), a "
            "plugin whose library was built for a newer macOS than the lock is for, the community's plugin without the "
            "TensorFlow, Python or macOS that its authors demand, or two plugins that install one file."
        ),
        why=(
            "TensorFlow loads its plugins while it is imported: `import tensorflow` itself fails. No resolver "
            "sees it, because the plugin declares no requirement on TensorFlow."
        ),
        see="Read the versions in the lock and compare them with `m1doctor compat`.",
        fix="Make the lock anew with `m1doctor lock`, which refuses or replaces such versions and says why.",
    ),
)
