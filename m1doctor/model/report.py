"""The report: facts, results and verdict; the one document that is saved, rendered, compared and replayed."""

from __future__ import annotations

from enum import StrEnum

from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.record import record

SCHEMA_VERSION = 1
"""Version of the JSON document. Adding a field keeps it; changing the meaning of one raises it."""


class Status(StrEnum):
    """How one check ended."""

    PASS = "pass"  # noqa: S105 - a word of the JSON contract, not a secret
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"
    SKIPPED = "skipped"
    CRASHED = "crashed"

    @property
    def failed(self) -> bool:
        """Whether this status explains the consequences of a check: a warning or an error."""
        return self in (Status.WARNING, Status.ERROR)


class SkipKind(StrEnum):
    """Why a check was skipped."""

    EXPLAINED = "explained"
    """Another failure explains this one; `root` names it."""
    NOT_APPLICABLE = "not-applicable"
    NOT_ASKED = "not-asked"
    UNKNOWN = "unknown"


@record(frozen=True, slots=True, kw_only=True)
class Result:
    """The outcome of one check."""

    id: str
    slug: str
    status: Status
    summary: str
    """One sentence: what was established, or the worst finding, or why nothing can be said."""
    seconds: float
    """How long the judging took. Collecting is timed in `facts.timings`."""
    findings: tuple[Finding, ...] = ()
    reason: str | None = None
    """Why it was skipped or how it crashed; `None` otherwise."""
    skip: SkipKind | None = None
    """The class of `reason` for a skipped check; `None` otherwise."""
    root: str | None = None
    """For a check skipped as explained: the id of the failure that explains it."""


class VerdictStatus(StrEnum):
    """The whole examination in one word."""

    HEALTHY = "healthy"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"
    UNKNOWN = "unknown"


@record(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a person should know first."""

    status: VerdictStatus
    headline: str
    causes: tuple[str, ...] = ()
    """Ids of the failures that no other failure explains: errors first, then by stage."""


class TargetKind(StrEnum):
    """What is under examination."""

    PYTHON = "python"
    """An interpreter and its environment."""
    FOLDER = "site-packages"
    """A folder of installed packages; nothing in it is run, and its machine is unknown."""
    LOG = "log"
    """The lines of a log alone: no machine and no environment."""


@record(frozen=True, slots=True, kw_only=True)
class Target:
    """The Python environment under examination, and why this one."""

    kind: TargetKind
    path: str
    """The interpreter or the folder; a replayed report keeps the target of the machine that it was made on."""
    why: str
    """How it was chosen, e.g. ``"$VIRTUAL_ENV"`` or ``"--python"``."""


@record(frozen=True, slots=True, kw_only=True)
class Lock:
    """The pinned requirements that an examination wrote."""

    path: str
    packages: int
    """Number of pinned distributions."""
    hashed: bool
    """Whether every pin carries the hashes of its files."""


@record(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that one examination knows."""

    m1doctor_version: str
    created: str
    """UTC, ISO 8601 with a final ``Z``."""
    target: Target
    facts: Facts
    results: tuple[Result, ...]
    verdict: Verdict
    schema_version: int = SCHEMA_VERSION
    notes: tuple[str, ...] = ()
    """Remarks on the examination itself: an ignored check with its reason, a pinned file written without hashes."""
    failures: tuple[str, ...] = ()
    """What m1doctor itself could not do, a sentence each: a collector that failed, a third-party check that could not
    be loaded. Any of these makes exit status 3 unless findings make it 1."""
    lock: Lock | None = None
    """The pinned requirements of the examined environment, where they were written."""
    replay_of: str | None = None
    """`created` of the report whose facts were judged again; `None` for an examination of its own."""


def worst_status(findings: tuple[Finding, ...]) -> Status:
    """Reduce findings to the status of their check: the worst level, or pass where there are none."""
    if not findings:
        return Status.PASS
    worst: Level = max((finding.level for finding in findings), key=lambda level: level.weight)
    return Status(worst.value)
