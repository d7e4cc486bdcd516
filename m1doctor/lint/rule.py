"""What a rule is: an id, a function of one module and of the versions, and a manual page."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from m1doctor.checks.check import Source
from m1doctor.model.finding import Level
from m1doctor.model.record import record

if TYPE_CHECKING:
    from m1doctor.lint.module import Module
    from m1doctor.lint.target import Versions


@record(frozen=True, slots=True, kw_only=True)
class Repair:
    """A change of the source that cannot change what the program computes."""

    kind: str
    """``"drop-keywords"``, ``"drop-attribute"`` or ``"append-call"``; see `fix`."""
    words: tuple[str, ...]
    """The keywords to drop; the part of a dotted name to drop; the method to append, and its argument."""


@record(frozen=True, slots=True, kw_only=True)
class Edit:
    """One repair and where in its text it is made."""

    line: int
    """From 1."""
    column: int
    """From 0, in characters."""
    repair: Repair


@record(frozen=True, slots=True, kw_only=True)
class Seen:
    """One place where a rule saw its pattern."""

    node: ast.AST
    """Where to point."""
    message: str
    """One sentence: what is there, and what it costs."""
    only_if: str | None = None
    """What the finding depends on and is not known here, to be read after "if"."""
    level: Level | None = None
    """Where it is less than the rule's own."""
    repair: Repair | None = None


@record(frozen=True, slots=True, kw_only=True)
class RulePage:
    """The manual page of a rule."""

    what: str
    why: str
    """Why it matters, with the cost as it was measured."""
    example: str
    """Code that it finds."""
    better: str
    """The same code as it should be."""
    fix: str
    versions: str
    """For which versions it holds."""
    sources: tuple[Source, ...]


@record(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. A hint (level note) is told only where hints are asked for, or the rule is by its name."""

    id: str
    slug: str
    """Names the problem: read it as "allow SLUG"."""
    level: Level
    """The worst level that it reports."""
    judge: Callable[[Module, Versions], Iterable[Seen]]
    """Pure: it reads the module, and of other files only what the module imports."""
    words: tuple[str, ...]
    """The rule has nothing to say of a file in which none of these occurs."""
    page: RulePage
    gain: str | None = None
    """What mending it brings, as measured: ``"64 to 74 times"``."""
    in_tests: bool = False
    """Whether it is told of unit tests too, where speed is nobody's concern."""

    @property
    def family(self) -> str:
        """The letters of the id: ``"LOAD"``."""
        return self.id[:-3]
