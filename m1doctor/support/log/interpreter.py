"""The interpreter: looks closely at passages and keeps what it found, in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from m1doctor.knowledge.log_lines import Role, Wording, wordings
from m1doctor.model.log import QuotedLine, Sighting
from m1doctor.support.log.clues import Clues
from m1doctor.support.log.grammars import deaths, devices, importing, installing, loading, optimizers
from m1doctor.support.log.passage import Found, Line, quoted

Grammar = Callable[[Sequence[Line], Clues], Iterable[Found]]
GRAMMARS: tuple[Grammar, ...] = (
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
ENOUGH = 500
"""Sightings of one kind after which further ones are only counted, so that a log full of one wording is read fast."""
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


@cache
def _kinds_of(grammar: Grammar) -> frozenset[str]:
    """The kinds that a grammar reports; where no line holds a literal of any, it has nothing to read."""
    name = grammar.__module__.rpartition(".")[2]
    return frozenset(kind for kind, wording in wordings().items() if wording.grammar == name)


_NOTES = 8
"""Lines after an exception in which its cause may still be told."""
_BACK = 40
"""Lines before it likewise."""


@dataclass(slots=True)
class _Reading:
    """What was found in one passage."""

    found: list[Sighting] = field(default_factory=list)
    accounted: set[int] = field(default_factory=set)
    """Indexes of the lines that are part of something known."""
    explained: set[int] = field(default_factory=set)
    """Indexes of the lines that are part of a cause."""

    def add(self, sighting: Sighting, lines: Iterable[int], *, cause: bool) -> None:
        """Take one finding."""
        self.found.append(sighting)
        self.accounted.update(lines)
        if cause:
            self.explained.update(lines)


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
    counted: set[str] = field(default_factory=set)
    """Kinds that were seen often enough; ``"error"`` is among them when enough unknown lines spoke of one."""
    _seen: Counter[str] = field(default_factory=Counter)
    _kept: dict[tuple[str, tuple[tuple[str, str], ...]], _Kept] = field(default_factory=dict)
    _first: dict[str, _Kept] = field(default_factory=dict)
    _per_kind: dict[str, int] = field(default_factory=dict)

    def plain(self, kinds: Iterable[str], number: int, text: Callable[[], str]) -> None:
        """Take note of a line whose literals say enough. `text` is called only where the line is quoted."""
        known = False
        for kind in kinds:
            if kind == "error":
                continue
            known = True
            if kind in _AT_WORK:
                self.clues.work_seen(number)
            first = self._first.get(kind)
            if first is not None:
                first.count += 1
            else:
                self._keep(Sighting(kind=kind, line=number, quote=(quoted(number, text()),)))
        self.known_lines += known
        self.unknown_errors += not known

    def passage(self, lines: Sequence[Line]) -> frozenset[int]:
        """Look closely at neighbouring lines; the numbers of those that are known."""
        reading = _Reading()
        for index, line in enumerate(lines):
            if not line.kinds:
                continue
            self.clues.read(line.number, line.text, line.kinds)
            for sighting in self._wordings(line):
                reading.add(sighting, {index}, cause=self.known[sighting.kind].role is Role.CAUSE)
                if sighting.kind in _AT_WORK:
                    self.clues.work_seen(line.number)
        kinds = frozenset[str]().union(*(line.kinds for line in lines))
        for grammar in GRAMMARS:
            if kinds.isdisjoint(_kinds_of(grammar)):
                continue
            for result in grammar(lines, self.clues):
                used = result.lines or {result.first}
                if grammar is importing.read and self._is_explained(result, reading, lines):
                    reading.accounted |= used
                else:
                    cause = self.known[result.kind].role is Role.CAUSE
                    reading.add(result.sighting(lines), used, cause=cause)
        for sighting in sorted(reading.found, key=lambda sighting: sighting.line):
            self._keep(sighting)
        known = frozenset(lines[index].number for index in reading.accounted)
        self._count(lines, set(known))
        return known

    def _count(self, lines: Sequence[Line], known: set[int]) -> None:
        """Count the lines that are known, and those that speak of an error and are not."""
        self.known_lines += len(known)
        for line in lines:
            if "error" in line.kinds and line.number not in known:
                known.add(line.number)
                self.unknown_errors += 1
                if self.unknown_errors >= ENOUGH:
                    self.counted.add("error")
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

    def _is_explained(self, result: Found, reading: _Reading, lines: Sequence[Line]) -> bool:
        """Whether a failed import is the consequence of something told by itself."""
        last = max(result.lines or {result.first})
        if any(index in reading.explained for index in range(result.first, min(last + _NOTES, len(lines)))):
            return True
        # "Failed to load the native TensorFlow runtime" comes after the reason, with the traceback between them.
        number = lines[result.first].number
        return any(self.known[each.kind].fatal and 0 <= number - each.line <= _BACK for each in reading.found)

    def _keep(self, sighting: Sighting) -> None:
        self._seen[sighting.kind] += 1
        if self._seen[sighting.kind] >= ENOUGH:
            self.counted.add(sighting.kind)
        key = (sighting.kind, tuple(sorted(sighting.details.items())))
        kept = self._kept.get(key)
        if kept is not None:
            kept.count += 1
            return
        number = self._per_kind.get(sighting.kind, 0)
        if number >= KEPT_PER_KIND:
            return
        self._per_kind[sighting.kind] = number + 1
        self._kept[key] = kept = _Kept(sighting)
        self._first.setdefault(sighting.kind, kept)

    def sightings(self) -> tuple[Sighting, ...]:
        """All that was found, in the order of the lines."""
        every = [replace(kept.sighting, count=kept.count) for kept in self._kept.values()]
        return tuple(sorted(every, key=lambda sighting: (sighting.line, sighting.kind)))
