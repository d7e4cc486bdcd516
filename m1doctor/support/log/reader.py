"""The reader: goes through a log once, in bounded memory, and hands on what is worth a close look."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from m1doctor.knowledge.log_lines import Role, wordings
from m1doctor.model.log import Log, QuotedLine
from m1doctor.support.log.clean import clean
from m1doctor.support.log.interpreter import ERROR_WORDS, KEPT_ERRORS, Interpreter
from m1doctor.support.log.literals import fastest
from m1doctor.support.log.passage import Line, quoted

BLOCK = 1 << 20
"""Bytes read at a time."""
LONGEST_LINE = 1 << 20
"""Bytes of one line that are held; a longer line is read in pieces that share its number."""
_OVERLAP = 512
"""Bytes that two pieces of one line share, so that no literal is cut."""
_WINDOW = 1 << 14
"""Bytes of a line around a literal that are looked at."""
AFTER = 12
"""Lines after a hit that belong to its passage."""
LONGEST_PASSAGE = 400
_SAMPLE_BYTES = 1 << 16
_ALWAYS_PASSAGE = frozenset({"gpu-listed"})
"""Literal-only kinds whose lines other wordings need to see."""


def read_log(stream: BinaryIO, source: str) -> Log:
    """Read a log to its end.

    Memory stays within a few blocks, whatever the length of the log or of its lines. Raises `OSError` where the stream
    does.
    """
    return _Reading(source).read(stream)


class _Reading:
    """One log on its way through the reader."""

    def __init__(self, source: str) -> None:
        known = wordings()
        literals: dict[str, set[str]] = {}
        for wording in known.values():
            for literal in wording.literals:
                literals.setdefault(literal, set()).add(wording.kind)
        for word in ERROR_WORDS:
            literals.setdefault(word.decode(), set()).add("error")
        self._kinds = [frozenset(kinds) for kinds in literals.values()]
        self._search = fastest(literal.encode() for literal in literals)
        self._plain = {
            wording.kind
            for wording in known.values()
            if wording.role is Role.HARMLESS
            and wording.pattern is None
            and wording.unless is None
            and wording.grammar is None
            and wording.kind not in _ALWAYS_PASSAGE
        }
        self._source = source
        self._interpreter = Interpreter(known)
        self._passage: list[Line] = []
        self._open = 0
        """Lines that the passage still takes without a hit."""
        self._number = 1
        self._bytes = 0
        self._blank = 0
        self._sample: list[QuotedLine] = []

    def read(self, stream: BinaryIO) -> Log:
        """Read to the end and say what was found."""
        rest = b""
        ended = True
        for block in _blocks(stream):
            self._bytes += len(block)
            data = rest + block if rest else block
            cut = data.rfind(b"\n") + 1
            if cut == 0 and len(data) < LONGEST_LINE:
                rest = data
                continue
            if cut == 0:
                self._scan(data)
                rest = data[-_OVERLAP:]
                ended = False
                continue
            self._scan(data[:cut])
            rest, ended = data[cut:], True
        whole_last_line = bool(rest) and ended
        if rest:
            self._scan(rest)
        self._flush()
        return self._log(self._number if whole_last_line or (rest and not ended) else self._number - 1)

    def _log(self, lines: int) -> Log:
        interpreter = self._interpreter
        unknown = max(0, lines - self._blank - interpreter.known_lines)
        sample = tuple(interpreter.errors) or tuple(self._sample[:3])
        return Log(
            source=self._source,
            bytes=self._bytes,
            lines=lines,
            sightings=interpreter.sightings(),
            known_lines=interpreter.known_lines,
            unknown_lines=unknown,
            unknown_errors=min(interpreter.unknown_errors, unknown),
            unknown_sample=sample if unknown else (),
        )

    def _scan(self, data: bytes) -> None:
        """Look through whole lines, or a piece of one."""
        if self._number == 1:
            self._first_lines(data)
        at, number = 0, self._number
        for start, end, hits in _hit_lines(data, self._search.positions(data)):
            if start > at:
                between = data.count(b"\n", at, start)
                if self._open:
                    self._neighbours(data, at, start, number)
                number += between
            self._hit(data, start, end, number, hits)
            at = min(end + 1, len(data))
            number += 1 if end < len(data) else 0
        if at < len(data):
            if self._open:
                self._neighbours(data, at, len(data), number)
            number += data.count(b"\n", at)
        self._number = number
        self._blank += _blank_lines(data)

    def _hit(self, data: bytes, start: int, end: int, number: int, hits: list[int]) -> None:
        raw = data[start:end] if end - start <= _WINDOW else b""
        if raw and b"\r" not in raw.rstrip(b"\r"):
            kinds = self._kinds_of(raw)
            if len(kinds) == 1 and kinds <= self._plain:
                (kind,) = kinds
                self._interpreter.plain(kind, number, lambda: clean(raw)[0])
                self._open = max(0, self._open - 1)
                return
        pieces = [raw] if raw else _windows(data, start, end, hits)
        for piece in pieces:
            for text in clean(piece):
                kinds = self._kinds_of(text.encode("utf-8", "surrogatepass"))
                self._add(Line(number, text, kinds))
        self._open = AFTER

    def _kinds_of(self, line: bytes) -> frozenset[str]:
        kinds: set[str] = set()
        for number in self._search.within(line):
            kinds |= self._kinds[number]
        return frozenset(kinds)

    def _neighbours(self, data: bytes, start: int, end: int, number: int) -> None:
        """Add the lines after a hit to its passage."""
        at = start
        while self._open and at < end:
            stop = data.find(b"\n", at, end)
            stop = end if stop < 0 else stop
            for text in clean(data[at : min(stop, at + _WINDOW)]):
                self._add(Line(number, text))
            number += 1
            at = stop + 1
            self._open -= 1
        if not self._open and at < end:
            self._flush()

    def _add(self, line: Line) -> None:
        passage = self._passage
        if passage and line.number - passage[-1].number > AFTER:
            self._flush()
        if len(passage) >= LONGEST_PASSAGE:
            self._flush()
        self._passage.append(line)

    def _flush(self) -> None:
        if self._passage:
            passage, self._passage = self._passage, []
            self._interpreter.passage(passage)

    def _first_lines(self, data: bytes) -> None:
        """Keep a few lines that hold nothing known, to show what kind of log this is."""
        for number, line in enumerate(data[:_SAMPLE_BYTES].split(b"\n")[:200], 1):
            if len(self._sample) >= KEPT_ERRORS:
                return
            if line.strip() and not self._search.within(line):
                self._sample.append(quoted(number, clean(line)[-1]))


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    while block := stream.read(BLOCK):
        yield block


def _hit_lines(data: bytes, positions: list[int]) -> Iterator[tuple[int, int, list[int]]]:
    """Each line with a hit: where it begins, where its line feed is (or the end of the data), and its hits."""
    index, count = 0, len(positions)
    while index < count:
        position = positions[index]
        start = data.rfind(b"\n", 0, position) + 1
        end = data.find(b"\n", position)
        end = len(data) if end < 0 else end
        hits = [position]
        index += 1
        while index < count and positions[index] < end:
            hits.append(positions[index])
            index += 1
        yield start, end, hits


def _windows(data: bytes, start: int, end: int, hits: list[int]) -> list[bytes]:
    """The parts of a very long line around its hits, merged where they touch."""
    parts: list[tuple[int, int]] = []
    for hit in hits:
        low, high = max(start, hit - _WINDOW // 8), min(end, hit + _WINDOW // 2)
        if parts and low <= parts[-1][1]:
            if high - parts[-1][0] <= _WINDOW:
                parts[-1] = (parts[-1][0], high)
            elif hit > parts[-1][1] - _OVERLAP:
                parts.append((max(parts[-1][1] - _OVERLAP, low), high))
        else:
            parts.append((low, high))
        if len(parts) >= LONGEST_PASSAGE:
            break
    return [data[low:high] for low, high in parts]


def _blank_lines(data: bytes) -> int:
    """Lines without a visible character."""
    if b"\n\n" not in data and b"\n\r\n" not in data and not data.startswith((b"\n", b"\r\n")):
        return 0
    return sum(1 for line in data.split(b"\n")[:-1] if not line.strip())
