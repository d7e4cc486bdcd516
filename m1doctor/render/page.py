"""A page of text: paragraphs wrapped to a width with hanging indents, and lines that are never broken.

Of rich only the widths of characters are used: importing its console and its text takes as long as reading a whole
environment, and a page needs neither tables nor markup.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

_NARROWEST = 20
_LEAST_ROOM = 12
"""A paragraph is never squeezed below this, whatever its indent: it then leaves the width."""
_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "magenta": "35", "cyan": "36"}
"""Select Graphic Rendition, of the eight colours that every theme adapts to its background."""
_TO_ASCII = str.maketrans({"✓": "+", "✗": "x", "│": "|", "·": "-", "…": "..."})
_TO_ASCII |= dict(zip(map(ord, "▁▂▃▄▅▆▇█░"), "__--==+#.", strict=True))
"""Our own marks for an encoding without them."""
_WORD = re.compile(r"\s*\S+\s*")


@dataclass(frozen=True, slots=True)
class Styled:
    """Text in pieces, each with a style such as ``"bold red"``; the empty style is plain."""

    pieces: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: Styled) -> Styled:
        """One text after the other."""
        return Styled(self.pieces + other.pieces)

    @property
    def plain(self) -> str:
        """The text without its styles."""
        return "".join(text for text, _ in self.pieces)

    def part(self, start: int, end: int) -> Styled:
        """The characters from `start` to `end`."""
        found = []
        position = 0
        for text, style in self.pieces:
            cut = text[max(start - position, 0) : max(end - position, 0)]
            if cut:
                found.append((cut, style))
            position += len(text)
        return Styled(tuple(found))


def styled(text: str, style: str = "") -> Styled:
    """Text in one style."""
    return Styled(((text, style),)) if text else Styled()


class Canvas:
    """Lines with indents, wrapped to the width; commands and other lines to be copied stay whole."""

    def __init__(self, *, width: int, colour: bool, unicode: bool) -> None:
        """An empty page. `unicode` says whether its reader's encoding has our marks."""
        self._width = max(width, _NARROWEST)
        self._colour = colour
        self._unicode = unicode
        self._lines: list[str] = []

    def text(self) -> str:
        """All of it, with one final newline."""
        text = "\n".join(self._lines).rstrip("\n") + "\n"
        return text if self._unicode else text.translate(_TO_ASCII)

    def gap(self) -> None:
        """An empty line, but never two and none at the top."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def add(self, text: Styled | str, *, indent: int = 0, lead: Styled | str = "", style: str = "") -> None:
        """A paragraph: `lead` on its first line, the others as far in as it reaches."""
        body = styled(text, style) if isinstance(text, str) else text
        first, left = self._lead(lead, indent)
        for row in _wrapped(body, self._room(left)):
            self._line(first + row)
            first = styled(" " * left)

    def whole(self, text: str, *, indent: int = 0, lead: Styled | str = "", style: str = "") -> None:
        """One line that is never broken by us, so that it can be copied as it is."""
        start = styled(lead) if isinstance(lead, str) else lead
        self._line(styled(" " * indent) + start + styled(text, style))

    def items(
        self, words: Sequence[str], separator: str, *, indent: int = 0, lead: Styled | str = "", style: str = ""
    ) -> None:
        """Words that stay whole, as many to a line as fit, each but the last followed by `separator`."""
        first, left = self._lead(lead, indent)
        kept = separator.rstrip()
        gap = " " * (len(separator) - len(kept))
        row = ""
        for number, word in enumerate(words, 1):
            piece = word if number == len(words) else f"{word}{kept}"
            if row and cell_len(row + gap + piece) > self._room(left):
                self.add(row, lead=first, style=style)
                first, row = styled(" " * left), piece
            else:
                row += gap + piece if row else piece
        if row:
            self.add(row, lead=first, style=style)

    def rows(self, line: str, *, indent: int) -> list[str]:
        """The rows that one line takes beside an indent; those after the first stand a little further in."""
        room = self._room(indent)
        first = _wrapped(styled(line), room)[0].plain
        rest = line[len(first) :].lstrip()
        if not rest:
            return [first]
        inner = " " * min(len(line) - len(line.lstrip()) + 2, room // 4)
        return [first, *(f"{inner}{row.plain}" for row in _wrapped(styled(rest), room - len(inner)))]

    def _lead(self, lead: Styled | str, indent: int) -> tuple[Styled, int]:
        """What the first line begins with, and where the others do; a lead without room gets a line of its own."""
        first = styled(" " * indent) + (styled(lead) if isinstance(lead, str) else lead)
        left = cell_len(first.plain)
        if left * 2 <= self._width or left == indent:
            return first, left
        self._line(first)
        return styled(" " * (indent + 2)), indent + 2

    def _room(self, left: int) -> int:
        return max(self._width - left, _LEAST_ROOM)

    def _line(self, line: Styled) -> None:
        end = len(line.plain.rstrip())
        pieces = line.part(0, end).pieces
        self._lines.append("".join(self._drawn(text, style) for text, style in pieces))

    def _drawn(self, text: str, style: str) -> str:
        if not self._colour or not style or text.isspace():
            return text
        return f"\x1b[{';'.join(_CODES[word] for word in style.split())}m{text}\x1b[0m"


def _wrapped(text: Styled, width: int) -> list[Styled]:
    """Rows of at most `width` cells, broken between words, or within one that is longer than a row."""
    plain = text.plain
    rows: list[Styled] = []
    start = end = 0
    for match in _WORD.finditer(plain):
        while cell_len(plain[start : match.end()].rstrip()) > width:
            if end == start:  # the word alone is longer than a row
                end = start + _fitting(plain[start:], width)
            rows.append(_trimmed(text, start, end))
            start = end
        end = match.end()
    rows.append(_trimmed(text, start, len(plain)))
    return rows


def _trimmed(text: Styled, start: int, end: int) -> Styled:
    return text.part(start, start + len(text.plain[start:end].rstrip()))


def _fitting(text: str, width: int) -> int:
    """How many characters fit into `width` cells; at least one."""
    used = 0
    for number, character in enumerate(text):
        used += cell_len(character)
        if used > width:
            return max(number, 1)
    return len(text)
