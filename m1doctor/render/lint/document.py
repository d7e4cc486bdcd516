"""The linter's answer as one JSON document."""

from __future__ import annotations

import json
from dataclasses import asdict

from m1doctor import __version__
from m1doctor.lint.finding import Answer, LintFinding, Passed
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level
from m1doctor.model.record import record

SCHEMA_VERSION = 1
"""Adding a key keeps it; changing the meaning of one raises it."""


@record(frozen=True, slots=True, kw_only=True)
class Told:
    """One place in somebody's code, and what is wrong there."""

    id: str
    slug: str
    level: Level
    message: str
    only_if: str | None
    """What it depends on and is not known here."""
    gain: str | None
    path: str
    cell: int | None
    """Number of the notebook's cell, from 1; `None` in what is no notebook."""
    line: int
    """From 1; of a notebook, in its cell."""
    column: int
    """From 1, in characters."""
    end_line: int
    end_column: int
    source: str
    """The line of code."""
    fixable: bool
    """Whether ``--fix`` mends it."""


@record(frozen=True, slots=True, kw_only=True)
class LintDocument:
    """All that one run of the linter found."""

    m1doctor_version: str
    versions: Versions
    files: int
    """That were read and judged."""
    lines: int
    silenced: int
    """Findings that a comment in the source silences."""
    hints: bool
    """Whether hints were asked for."""
    findings: tuple[Told, ...]
    passed_over: tuple[Passed, ...]
    failures: tuple[str, ...]
    """Rules of ours that failed, a sentence each."""
    schema_version: int = SCHEMA_VERSION


def as_json(answer: Answer) -> str:
    """Render the answer; the order is fixed and no time is in it, so that two runs of one tree give one text."""
    document = LintDocument(
        m1doctor_version=__version__,
        versions=answer.versions,
        files=answer.files,
        lines=answer.lines,
        silenced=answer.silenced,
        hints=answer.hints,
        findings=tuple(map(_told, answer.findings)),
        passed_over=answer.passed,
        failures=answer.crashes,
    )
    return json.dumps(asdict(document), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _told(finding: LintFinding) -> Told:
    return Told(
        id=finding.rule,
        slug=finding.slug,
        level=finding.level,
        message=finding.message,
        only_if=finding.only_if,
        gain=finding.gain,
        path=finding.path,
        cell=finding.cell,
        line=finding.line,
        column=finding.column,
        end_line=finding.end_line,
        end_column=finding.end_column,
        source=finding.source_line,
        fixable=finding.repair is not None,
    )
