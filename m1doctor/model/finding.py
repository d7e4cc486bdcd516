"""What one check saw."""

from __future__ import annotations

from enum import StrEnum

from m1doctor.model.record import record
from m1doctor.model.remedy import Remedy


class Level(StrEnum):
    """How bad a finding is."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"

    @property
    def weight(self) -> int:
        """Order of badness: note 1, warning 2, error 3."""
        return ("note", "warning", "error").index(self.value) + 1


@record(frozen=True, slots=True, kw_only=True)
class Location:
    """Where to look: a file, and a line where there is one."""

    path: str
    line: int | None = None


@record(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a check saw: what was seen, what was expected, why it matters, the evidence."""

    level: Level
    message: str
    """One sentence: what is wrong, with the names and versions that make it concrete."""
    expected: str | None = None
    """What a healthy environment would show in its place."""
    evidence: tuple[str, ...] = ()
    """Quoted facts, a line each; for a link failure the words that dyld would raise. Data, never markup."""
    location: Location | None = None
    remedy: Remedy | None = None
    isolated: bool = False
    """Whether nothing else follows from it, such as damage to a package that TensorFlow does not need: then it is no
    reason to skip the checks that come after."""
