"""Facts from a log that somebody kept: which known wordings stand in it, where, and with which details."""

from __future__ import annotations

from dataclasses import field

from m1doctor.model.record import record
from m1doctor.model.unknown import Unknown


@record(frozen=True, slots=True, kw_only=True)
class QuotedLine:
    """One line of a log, cleaned of colours and cut to a readable length."""

    line: int
    """Counted from 1, by line feeds."""
    text: str


@record(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One known wording, where it first stands."""

    kind: str
    """The name of the wording in `m1doctor/knowledge/log_lines`."""
    line: int
    """The line that it begins on."""
    quote: tuple[QuotedLine, ...] = ()
    """The lines that make it up, the most telling ones where it is long."""
    details: dict[str, str] = field(default_factory=dict)
    """What the wording names: a symbol, a library, a requirement, a signal."""
    count: int = 1
    """How often it was seen with these details."""


@record(frozen=True, slots=True, kw_only=True)
class Log:
    """What stands in a log. Absence proves nothing: a log is what somebody chose to keep."""

    source: str
    """The file, or ``"standard input"``."""
    bytes: int
    lines: int
    sightings: tuple[Sighting, ...] = ()
    """In the order of their lines."""
    known_lines: int = 0
    """Lines that are part of a known wording."""
    unknown_lines: int = 0
    """Lines that are neither blank nor part of a known wording."""
    unknown_errors: int = 0
    """Those of the unknown lines that speak of an error."""
    unknown_sample: tuple[QuotedLine, ...] = ()
    """A few of the unknown lines, first those that speak of an error."""
    unknown: dict[str, Unknown] = field(default_factory=dict)
