"""A page of text: paragraphs wrapped to a width with hanging indents, and lines that are never broken."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

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
        lead = Text(lead) if isinstance(lead, str) else lead
        body = Text(text, style=style) if isinstance(text, str) else text
        left = indent + lead.cell_len
        room = max(self._console.width - left, 12)
        for number, line in enumerate(body.wrap(self._console, room, tab_size=4)):
            line.rstrip()
            self._line(Text(" " * indent).append_text(lead) if number == 0 else Text(" " * left), line)

    def whole(self, text: str, *, indent: int = 0, lead: Text | str = "", style: str = "") -> None:
        """One line that is never broken by us, so that it can be copied as it is."""
        lead = Text(lead) if isinstance(lead, str) else lead
        self._line(Text(" " * indent).append_text(lead), Text(text, style=style))

    def items(
        self, words: Sequence[str], separator: str, *, indent: int = 0, lead: Text | str = "", style: str = ""
    ) -> None:
        """Words that stay whole, as many to a line as fit, each followed by `separator` but the last."""
        lead = Text(lead) if isinstance(lead, str) else lead
        left = indent + lead.cell_len
        room = max(self._console.width - left, 12)
        rows: list[str] = []
        for number, word in enumerate(words, 1):
            piece = word if number == len(words) else f"{word}{separator.rstrip()}"
            gap = " " * (len(separator) - len(separator.rstrip())) if rows else ""
            if rows and Text(rows[-1] + gap + piece).cell_len <= room:
                rows[-1] += gap + piece
            else:
                rows.append(piece)
        for number, row in enumerate(rows):
            start = lead if number == 0 else Text(" " * lead.cell_len)
            self.add(Text(row, style=style), indent=indent, lead=start)

    def rows(self, line: str, *, indent: int) -> list[str]:
        """The rows that one line takes beside an indent."""
        room = max(self._console.width - indent, 12)
        return [row.plain.rstrip() for row in Text(line).wrap(self._console, room)]

    def _line(self, left: Text, right: Text) -> None:
        line = left.copy()
        line.append_text(right)
        line.rstrip()
        self._console.print(line, soft_wrap=True)
        self._blank = False
