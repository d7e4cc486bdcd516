"""What we do not know, and why: `None` never travels without a reason."""

from __future__ import annotations

from enum import StrEnum

from m1doctor.model.record import record


class UnknownKind(StrEnum):
    """Why a fact is missing."""

    NOT_ASKED = "not-asked"
    """The user chose not to look (`--quick`, `--no-bench`, a folder instead of a machine)."""
    NOT_APPLICABLE = "not-applicable"
    """There is no such thing here (a Metal family on Linux)."""
    UNAVAILABLE = "unavailable"
    """We looked and could not tell: a probe failed, timed out, or printed something we do not read."""
    CRASHED = "crashed"
    """Our own collector failed: a defect of m1doctor, which then ends with exit status 3 unless findings make it 1."""


@record(frozen=True, slots=True)
class Unknown:
    """The reason why one fact, or one whole section of facts, is `None`."""

    reason: str
    """A clause that completes "unknown: …", e.g. ``"sysctl printed no kern.osproductversion"``."""
    kind: UnknownKind = UnknownKind.UNAVAILABLE


def not_asked(reason: str) -> Unknown:
    """The user chose not to look."""
    return Unknown(reason, UnknownKind.NOT_ASKED)


def not_applicable(reason: str) -> Unknown:
    """There is no such thing on this machine."""
    return Unknown(reason, UnknownKind.NOT_APPLICABLE)
