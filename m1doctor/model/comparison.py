"""What differs between two reports, grouped so that what changed the verdict comes first."""

from __future__ import annotations

from enum import StrEnum

from m1doctor.model.record import record
from m1doctor.model.report import Status, Target, Verdict


class Group(StrEnum):
    """What a change belongs to."""

    PACKAGES = "packages"
    """What is installed, and how TensorFlow and its plugin link."""
    SYSTEM = "system"
    """The machine, its system, the Python."""
    RUN = "run"
    """What TensorFlow did when it was run."""
    MEMORY = "memory"
    """Memory, swap, room on disks."""
    SPEEDS = "speeds"


class Unit(StrEnum):
    """What a value is measured in."""

    WORDS = "words"
    COUNT = "count"
    BYTES = "bytes"
    """Of memory."""
    ROOM = "room"
    """Bytes on a disk."""
    SECONDS = "seconds"
    PER_SECOND = "per-second"
    PERCENT = "percent"
    GFLOPS = "gflops"


Value = str | bool | int | float


@record(frozen=True, slots=True, kw_only=True)
class Change:
    """One value that is not what it was."""

    what: str
    before: Value | None
    """`None` for what was not there, such as a package."""
    after: Value | None
    unit: Unit = Unit.WORDS
    named_by: tuple[str, ...] = ()
    """Ids of the failures, new or gone, that name it."""


@record(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed in one group."""

    group: Group
    brings: tuple[str, ...] = ()
    """Ids of the failures that come with these changes alone: the earlier facts with this group of the later."""
    mends: tuple[str, ...] = ()
    """Ids of the failures that go with these changes alone."""
    changes: tuple[Change, ...] = ()
    known_before: tuple[str, ...] = ()
    """What only the earlier report knows."""
    known_after: tuple[str, ...] = ()
    steady: int = 0
    """Measured values that differ by no more than such values always do."""


@record(frozen=True, slots=True, kw_only=True)
class Turn:
    """A check that finds something in one of the two reports, and not the same in the other."""

    id: str
    slug: str
    before: Status
    after: Status
    summary: str
    """What the later report says of it; for one that is gone, what the earlier one said."""


@record(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two reports."""

    name: str
    """What it was asked for by: a file, a number of the history, ``"last-good"``."""
    created: str
    """UTC, ISO 8601 with a final ``Z``."""
    target: Target
    verdict: Verdict


@record(frozen=True, slots=True, kw_only=True)
class NotCompared:
    """A part that only one of the two reports knows."""

    section: str
    missing_in: str
    """``"before"`` or ``"after"``."""
    reason: str


@record(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two reports side by side, both judged by the same checks."""

    before: Side
    after: Side
    appeared: tuple[Turn, ...] = ()
    """Failures and remarks that the earlier report has not."""
    gone: tuple[Turn, ...] = ()
    altered: tuple[Turn, ...] = ()
    """Those that both have, at another level."""
    groups: tuple[Changes, ...] = ()
    """Those that brought or mended a failure first."""
    not_compared: tuple[NotCompared, ...] = ()

    @property
    def different(self) -> bool:
        """Whether there is a difference that counts: a failure, a package, the system, or what TensorFlow did.

        Memory and speeds differ from minute to minute: by themselves they are no difference, nor is a note. What only
        one of the two knows is none either.
        """
        turns = (*self.appeared, *self.gone, *self.altered)
        counting = (changes for changes in self.groups if changes.group not in (Group.MEMORY, Group.SPEEDS))
        return any(turn.before.failed or turn.after.failed for turn in turns) or any(each.changes for each in counting)
