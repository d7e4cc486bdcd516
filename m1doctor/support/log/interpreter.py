"""The interpreter: looks closely at passages and keeps what it found, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from m1doctor.knowledge.log_lines import Role, Wording
from m1doctor.model.log import QuotedLine, Sighting
from m1doctor.support.log.clues import Clues
from m1doctor.support.log.grammars import deaths, devices, importing, installing, loading, optimizers
from m1doctor.support.log.passage import Found, Line, quoted

Grammar = Callable[[Sequence[Line], Clues], Iterable[Found]]
_GRAMMARS: tuple[Grammar, ...] = (
    loading.read,
    installing.read,
    devices.read,
    optimizers.read,
    importing.read,
    deaths.read,
)
"""In this order: the import grammar tells only what no earlier one explains, and deaths come last."""
KEPT_PER_KIND = 20
"""Sightings of one kind, with different details, that are kept; further ones are counted."""
KEPT_ERRORS = 5
_AT_WORK = frozenset(
    {"gpu-listed", "zero-megabytes", "plugin-banner", "training-started", "plugin-frame", "keras-fallback-to-legacy"}
)
"""Kinds that TensorFlow prints only when it is up."""
ERROR_WORDS = (
    b"Error: ",
    b"ERROR",
    b"Error:",
    b"FATAL",
    b"Fatal ",
    b"fatal error",
    b"Exception:",
    b" failed: ",
    b"rror\n",
)
"""Literals that speak of an error, whatever it is."""


@dataclass(slots=True)
class _Kept:
    """One sighting and how often it was seen."""

    sighting: Sighting
    count: int = 1


@dataclass(slots=True)
class Interpreter:
    """Reads passages and collects sightings."""

    known: Mapping[str, Wording]
    clues: Clues = field(default_factory=Clues)
    known_lines: int = 0
    unknown_errors: int = 0
    errors: list[QuotedLine] = field(default_factory=list)
    """The first unknown lines that speak of an error."""
    _kept: dict[tuple[str, tuple[tuple[str, str], ...]], _Kept] = field(default_factory=dict)
    _per_kind: dict[str, int] = field(default_factory=dict)
    _in_line: list[Wording] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._in_line = [wording for wording in self.known.values() if wording.grammar is None]

    def plain(self, kind: str, number: int, text: Callable[[], str]) -> None:
        """Take note of a line that its literal alone makes known. `text` is called only where the line is quoted."""
        if kind in _AT_WORK:
            self.clues.work_seen(number)
        self.known_lines += 1
        kept = self._kept.get((kind, ()))
        if kept is not None:
            kept.count += 1
        else:
            self._keep(Sighting(kind=kind, line=number, quote=(quoted(number, text()),)))

    def passage(self, lines: Sequence[Line]) -> None:
        """Look closely at neighbouring lines."""
        found: list[Sighting] = []
        accounted: set[int] = set()
        explained: set[int] = set()
        for index, line in enumerate(lines):
            self.clues.read(line.number, line.text)
            for sighting in self._wordings(line):
                found.append(sighting)
                accounted.add(index)
                wording = self.known[sighting.kind]
                if wording.role is Role.CAUSE:
                    explained.add(index)
                if sighting.kind in _AT_WORK:
                    self.clues.work_seen(line.number)
        for grammar in _GRAMMARS:
            for result in grammar(lines, self.clues):
                if grammar is importing.read and self._is_explained(result, explained, lines, found):
                    accounted |= result.lines
                    continue
                found.append(result.sighting(lines))
                accounted |= result.lines or {result.first}
                if self.known[result.kind].role is Role.CAUSE:
                    explained |= result.lines or {result.first}
        numbers = {lines[index].number for index in accounted}
        self.known_lines += len(numbers)
        for sighting in sorted(found, key=lambda sighting: sighting.line):
            self._keep(sighting)
        for line in lines:
            if line.number not in numbers and "error" in line.kinds:
                numbers.add(line.number)
                self.unknown_errors += 1
                if len(self.errors) < KEPT_ERRORS:
                    self.errors.append(line.quoted())

    def _wordings(self, line: Line) -> Iterator[Sighting]:
        """The one-line wordings of a line."""
        for kind in line.kinds:
            wording = self.known.get(kind)
            if wording is None or wording.grammar is not None:
                continue
            if wording.unless is not None and wording.unless.search(line.text):
                continue
            details: dict[str, str] = {}
            if wording.pattern is not None:
                match = wording.pattern.search(line.text)
                if match is None:
                    continue
                details = {
                    name.rstrip("0123456789"): value.strip() for name, value in match.groupdict().items() if value
                }
            if wording.role in (Role.HARMLESS, Role.CLUE, Role.ADVICE):
                details = {}
            yield Sighting(kind=kind, line=line.number, quote=(line.quoted(),), details=details)

    def _is_explained(
        self, result: Found, explained: set[int], lines: Sequence[Line], found: Sequence[Sighting]
    ) -> bool:
        """Whether a failed import is the consequence of something told by itself."""
        last = max(result.lines or {result.first})
        if any(index in explained for index in range(result.first, min(last + 8, len(lines)))):
            return True
        # "Failed to load the native TensorFlow runtime" comes after the reason, with the traceback between them.
        return any(
            self.known[sighting.kind].fatal and 0 <= lines[result.first].number - sighting.line <= 40  # noqa: PLR2004
            for sighting in found
        )

    def _keep(self, sighting: Sighting) -> None:
        key = (sighting.kind, tuple(sorted(sighting.details.items())))
        kept = self._kept.get(key)
        if kept is not None:
            kept.count += 1
            return
        number = self._per_kind.get(sighting.kind, 0)
        if number >= KEPT_PER_KIND:
            return
        self._per_kind[sighting.kind] = number + 1
        self._kept[key] = _Kept(sighting)

    def sightings(self) -> tuple[Sighting, ...]:
        """All that was found, in the order of the lines."""
        every = [replace(kept.sighting, count=kept.count) for kept in self._kept.values()]
        return tuple(sorted(every, key=lambda sighting: (sighting.line, sighting.kind)))
