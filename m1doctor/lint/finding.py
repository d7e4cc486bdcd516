"""What linting answers: findings with their places, files that were passed over, and what was read."""

from __future__ import annotations

from m1doctor.lint.rule import Repair
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level
from m1doctor.model.record import record


@record(frozen=True, slots=True, kw_only=True)
class LintFinding:
    """One place in somebody's code, and what is wrong there."""

    rule: str
    slug: str
    level: Level
    message: str
    only_if: str | None = None
    """What it depends on and is not known here."""
    gain: str | None = None
    path: str
    line: int
    """From 1; of a notebook, in its cell."""
    column: int
    """From 1, in characters."""
    end_line: int
    end_column: int
    cell: int | None = None
    """Number of the notebook's cell, from 1; `None` in what is no notebook."""
    source_line: str
    repair: Repair | None = None
    """How `--fix` mends it; `None` where it does not."""

    @property
    def place(self) -> tuple[str, int, int, int, str]:
        """For sorting: file, cell, line, column, rule."""
        return (self.path, self.cell or 0, self.line, self.column, self.rule)


@record(frozen=True, slots=True, kw_only=True)
class Passed:
    """A file, or a cell of a notebook, that was not judged."""

    path: str
    reason: str


@record(frozen=True, slots=True, kw_only=True)
class Answer:
    """All that one run of the linter found."""

    versions: Versions
    findings: tuple[LintFinding, ...]
    passed: tuple[Passed, ...]
    files: int
    """That were read and judged."""
    lines: int
    silenced: int
    """Findings that a comment in the source silences."""
    hints: bool
    """Whether hints were asked for."""
    crashes: tuple[str, ...] = ()
    """Rules of ours that failed, a sentence each."""
