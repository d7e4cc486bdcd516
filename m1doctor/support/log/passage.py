"""Passages: the lines of a log that are worth a close look, with their neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from m1doctor.model.log import QuotedLine, Sighting

LONGEST_QUOTE = 400
"""Characters of one line that are quoted."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a passage, cleaned."""

    number: int
    text: str
    kinds: frozenset[str] = frozenset()
    """The wordings whose literals it holds."""

    def quoted(self) -> QuotedLine:
        """The line as evidence."""
        return quoted(self.number, self.text)


def quoted(number: int, text: str) -> QuotedLine:
    """A line as evidence, cut to a readable length."""
    text = text.strip()
    return QuotedLine(line=number, text=text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…")


def lines_of(passage: Sequence[Line], kinds: Iterable[str]) -> Iterator[tuple[int, Line]]:
    """The lines that hold a literal of one of `kinds`, with their indexes: what a grammar looks at."""
    wanted = frozenset(kinds)
    return ((index, line) for index, line in enumerate(passage) if not wanted.isdisjoint(line.kinds))


@dataclass(slots=True)
class Found:
    """What a grammar found in a passage."""

    kind: str
    first: int
    """Index of its first line in the passage."""
    quote: Sequence[int] = ()
    """Indexes of the lines to quote; its first line where there are none."""
    details: dict[str, str] = field(default_factory=dict)
    lines: frozenset[int] = frozenset()
    """Indexes of all lines that it accounts for."""

    def sighting(self, passage: Sequence[Line]) -> Sighting:
        """The finding with its line numbers and quotes."""
        indexes = sorted(set(self.quote) or {self.first})
        quotes = tuple(dict.fromkeys(passage[index].quoted() for index in indexes))
        return Sighting(kind=self.kind, line=passage[self.first].number, quote=quotes, details=self.details)


def trimmed(text: str, limit: int = 200) -> str:
    """Words for a message: one line, at most `limit` characters."""
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
