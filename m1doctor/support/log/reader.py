"""The reader: goes through a log once, in bounded memory, and hands on what is worth a close look."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from operator import add
from typing import BinaryIO

from m1doctor.knowledge.log_lines import Role, wordings
from m1doctor.model.log import Log, QuotedLine
from m1doctor.support.log.clean import clean
from m1doctor.support.log.interpreter import ERROR_WORDS, KEPT_ERRORS, Interpreter
from m1doctor.support.log.literals import fastest
from m1doctor.support.log.passage import Line, quoted

BLOCK = 1 << 18
"""Bytes read at a time: what stays in a processor's cache while it is looked through three times."""
LONGEST_LINE = 1 << 20
"""Bytes of one line that are held; a longer line is read in pieces that share its number."""
_OVERLAP = 512
"""Bytes that two pieces of one line share, so that no literal is cut."""
_WINDOW = 1 << 11
"""Bytes of a line that are looked at: all of a shorter one, and of a longer one those around its literals."""
_BEFORE = 256
"""Of these, those before the literal."""
_NEIGHBOUR = 1 << 10
"""Bytes of a line without a literal that are looked at, after one with."""
AFTER = 12
"""Lines after a hit that belong to its passage."""
LONGEST_PASSAGE = 400
_SAMPLE_LINES = 200
_TO_BE_READ = frozenset(
    {"connection-lost", "gpu-listed", "import-command", "install-command", "machine", "python-names-itself"}
)
"""Kinds that a literal makes known, and whose lines say more."""


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
            if (wording.role is Role.HARMLESS or wording.quiet)
            and wording.pattern is None
            and wording.unless is None
            and wording.grammar is None
            and wording.kind not in _TO_BE_READ
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
        for block in _blocks(stream):
            self._bytes += len(block)
            data = rest + block if rest else block
            cut = data.rfind(b"\n") + 1
            if cut:
                self._scan(data[:cut])
                rest = data[cut:]
            elif len(data) < LONGEST_LINE:
                rest = data
            else:
                self._scan(data)
                rest = data[-_OVERLAP:]
        if rest:
            self._scan(rest)
        self._flush()
        return self._log(self._number - (0 if rest else 1))

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
        lines = data.split(b"\n")
        whole = len(lines) - 1
        if self._number <= _SAMPLE_LINES:
            self._first_lines(lines)
        self._blank += lines.count(b"") + sum(map(bytes.isspace, lines)) - (not lines[-1] or lines[-1].isspace())
        positions = self._search.positions(data)
        if positions or self._open:
            self._hits(lines, positions)
        self._number += whole

    def _hits(self, lines: list[bytes], positions: list[int]) -> None:
        """Take the lines with a literal, and those after each."""
        ends = list(map(add, accumulate(map(len, lines)), range(len(lines))))
        following = 0
        index, count = 0, len(positions)
        while index < count:
            at = bisect_left(ends, positions[index])
            start = ends[at] - len(lines[at])
            hits = [positions[index] - start]
            index += 1
            while index < count and positions[index] <= ends[at]:
                hits.append(positions[index] - start)
                index += 1
            self._neighbours(lines, following, at)
            self._hit(lines[at], self._number + at, hits)
            following = at + 1
        self._neighbours(lines, following, len(lines) - (not lines[-1]))

    def _hit(self, line: bytes, number: int, hits: list[int]) -> None:
        if len(line) <= _WINDOW:
            kinds = self._kinds_of(line)
            if not kinds - self._plain - self._interpreter.counted:
                self._interpreter.plain(kinds, number, lambda: clean(line)[-1])
                self._open = max(0, self._open - 1)
                return
        for piece in _windows(line, hits):
            for text in clean(piece):
                kinds = self._kinds_of(text.encode("utf-8", "surrogatepass"))
                self._add(Line(number, text, kinds))
        self._open = AFTER

    def _kinds_of(self, line: bytes) -> frozenset[str]:
        kinds: set[str] = set()
        for number in self._search.within(line):
            kinds |= self._kinds[number]
        return frozenset(kinds)

    def _neighbours(self, lines: list[bytes], start: int, end: int) -> None:
        """Add lines after a hit to its passage, as far as it reaches."""
        if not self._open or start >= end:
            return
        stop = min(end, start + self._open)
        for at in range(start, stop):
            for text in clean(lines[at][:_NEIGHBOUR]):
                self._add(Line(self._number + at, text))
        self._open -= stop - start
        if stop < end:
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
            known = self._interpreter.passage(passage)
            if passage[0].number <= _SAMPLE_LINES:
                self._sample = [quote for quote in self._sample if quote.line not in known]

    def _first_lines(self, lines: list[bytes]) -> None:
        """Keep a few lines that hold nothing known, to show what kind of log this is."""
        for number, line in enumerate(lines[:_SAMPLE_LINES], self._number):
            if len(self._sample) >= KEPT_ERRORS or number > _SAMPLE_LINES:
                return
            start = line[:_NEIGHBOUR]
            again = bool(self._sample) and self._sample[-1].line == number  # a further piece of one long line
            if start.strip() and not again and not self._search.within(start):
                self._sample.append(quoted(number, clean(start)[-1]))


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    while block := stream.read(BLOCK):
        yield block


def _windows(line: bytes, hits: list[int]) -> Iterator[bytes]:
    """The line, or the parts of a long one around its literals."""
    if len(line) <= _WINDOW:
        yield line
        return
    end = -1
    for number, hit in enumerate(hits):
        if hit + _BEFORE <= end:
            continue
        if number >= LONGEST_PASSAGE:
            return
        end = max(hit - _BEFORE, 0) + _WINDOW
        yield line[max(hit - _BEFORE, 0) : end]
