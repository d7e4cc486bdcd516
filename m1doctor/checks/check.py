"""What a check is: metadata, a pure function of the facts, and a manual page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import IntEnum

from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.record import record
from m1doctor.model.unknown import Unknown

ID_PATTERN = re.compile(r"[A-Z]{2,8}[0-9]{3}")
SLUG_PATTERN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Stage(IntEnum):
    """Where on the way from the machine to the result a cause lies; of two errors the earlier one is told first."""

    HOST = 1
    INTERPRETER = 2
    PACKAGES = 3
    LINK = 4
    IMPORT = 5
    DEVICE = 6
    RESULTS = 7
    MEMORY = 8
    SPEED = 9


@record(frozen=True, slots=True)
class Source:
    """Where a fact comes from."""

    title: str
    url: str | None = None
    date: str | None = None
    """ISO date of the source, or of the day it was read or measured."""


@record(frozen=True, slots=True, kw_only=True)
class Page:
    """The manual page of a check, shown by `m1doctor explain`, the docs and the renderers."""

    what: str
    """What it means."""
    why: str
    """Why it matters."""
    see: str
    """How to see it yourself."""
    fix: str
    """How to mend it."""
    sources: tuple[Source, ...] = ()


def always(facts: Facts) -> None:
    """The check applies everywhere."""
    del facts


def nothing_by_itself(facts: Facts) -> tuple[Finding, ...]:
    """The judge of a check for which only a log or a watched script speaks: the engine adds what they say."""
    del facts
    return ()


@record(frozen=True, slots=True, kw_only=True)
class Check:
    """One check. Raises `ValueError` for an id or slug that is not of the form the documents promise."""

    id: str
    slug: str
    """Names the problem: read it as "allow SLUG"."""
    level: Level
    """The worst level that it reports."""
    stage: Stage
    judge: Callable[[Facts], Iterable[Finding]]
    """Pure: no input or output, no clock, no randomness."""
    passes: str | Callable[[Facts], str]
    """What is established when nothing is found, in one sentence."""
    page: Page
    needs: tuple[str, ...] = ()
    """Dotted paths of facts; where one is unknown the check is skipped with that reason."""
    after: tuple[str, ...] = ()
    """Ids whose failure explains this one."""
    applies: Callable[[Facts], str | Unknown | None] = always
    """Why the check does not apply here, why that or what it would judge cannot be known, or `None` when it applies.

    Runs after `needs` are known.
    """
    decisive: bool = False
    """Whether nothing can be called healthy while this check's facts are unknown."""

    def __post_init__(self) -> None:
        """Hold the id and the slug to their form."""
        if not ID_PATTERN.fullmatch(self.id):
            message = f"check id {self.id!r} is not of the form ABC123"
            raise ValueError(message)
        if not SLUG_PATTERN.fullmatch(self.slug):
            message = f"{self.id}: slug {self.slug!r} is not lower-case words joined by hyphens"
            raise ValueError(message)

    @property
    def family(self) -> str:
        """The letters of the id, e.g. ``"LNK"``."""
        return self.id[:-3]
