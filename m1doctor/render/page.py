"""A page of text: paragraphs wrapped to a width with hanging indents, and lines that are never broken."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

_TO_ASCII = str.maketrans({"✓": "+", "✗": "x", "│": "|", "·": "-", "…": "..."})
"""Our own marks for an encoding without them."""


class Canvas:
    """Lines with indents, wrapped to the width; commands and other unwrappable lines stay whole."""

    def __init__(self, *, width: int, colour: bool, unicode: bool) -> None:
        """An empty page. `unicode` says whether its reader's encoding has our marks."""
        self._unicode = unicode
        self._out = StringIO()
        self._console = Console(
            file=self._out,
            width=max(width, 20),
            color_system="standard" if colour else None,
            force_terminal=colour,
            no_color=not colour,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
        )
        self._blank = True

    @staticmethod
    def styled(text: str, style: str = "") -> Text:
        """A piece of text in a style, to lead a paragraph or to be built on."""
        return Text(text, style=style)

    def text(self) -> str:
        """All of it, with one final newline."""
        text = self._out.getvalue().rstrip("\n") + "\n"
        return text if self._unicode else text.translate(_TO_ASCII)

    def gap(self) -> None:
        """An empty line, but never two and none at the top."""
        if not self._blank:
            self._out.write("\n")
            self._blank = True

    def add(self, text: Text | str, *, indent: int = 0, lead: Text | str = "", style: str = "") -> None:
        """A paragraph: `lead` on its first line, the others as far in as it reaches."""
        body = Text(text, style=style) if isinstance(text, str) else text
        first, left = self._lead(lead, indent)
        for line in body.wrap(self._console, self._room(left), tab_size=4):
            line.rstrip()
            self._line(first, line)
            first = Text(" " * left)

    def _lead(self, lead: Text | str, indent: int) -> tuple[Text, int]:
        """What the first line begins with, and where the others do; a lead without room gets a line of its own."""
        lead = Text(lead) if isinstance(lead, str) else lead
        first = Text(" " * indent).append_text(lead)
        if first.cell_len * 2 <= self._console.width or not lead:
            return first, first.cell_len
        self._line(first, Text())
        return Text(" " * (indent + 2)), indent + 2

    def _room(self, left: int) -> int:
        return max(self._console.width - left, 12)

    def whole(self, text: str, *, indent: int = 0, lead: Text | str = "", style: str = "") -> None:
        """One line that is never broken by us, so that it can be copied as it is."""
        lead = Text(lead) if isinstance(lead, str) else lead
        self._line(Text(" " * indent).append_text(lead), Text(text, style=style))

    def items(
        self, words: Sequence[str], separator: str, *, indent: int = 0, lead: Text | str = "", style: str = ""
    ) -> None:
        """Words that stay whole, as many to a line as fit, each but the last followed by `separator`."""
        first, left = self._lead(lead, indent)
        kept = separator.rstrip()
        gap = " " * (len(separator) - len(kept))
        row = ""
        for number, word in enumerate(words, 1):
            piece = word if number == len(words) else f"{word}{kept}"
            if row and cell_len(row + gap + piece) > self._room(left):
                self.add(Text(row, style=style), lead=first)
                first, row = Text(" " * left), piece
            else:
                row += gap + piece if row else piece
        if row:
            self.add(Text(row, style=style), lead=first)

    def rows(self, line: str, *, indent: int) -> list[str]:
        """The rows that one line takes beside an indent."""
        return [row.plain.rstrip() for row in Text(line).wrap(self._console, self._room(indent))]

    def _line(self, left: Text, right: Text) -> None:
        line = left.copy()
        line.append_text(right)
        line.rstrip()
        self._console.print(line, soft_wrap=True)
        self._blank = False
