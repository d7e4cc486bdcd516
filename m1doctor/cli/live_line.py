"""One line at the bottom of the terminal while a script runs above it and writes what it likes.

The script's output does not pass through us, so nothing can be drawn around it. Instead the terminal is told to scroll
all but its last row (DECSTBM), and that row is ours. Each drawing is one write that leaves the cursor where it was.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

_SAVE, _RESTORE = "\x1b7", "\x1b8"


class LiveLine(AbstractContextManager["LiveLine"]):
    """The last row of the terminal behind a descriptor; given back at the end, whatever happened."""

    def __init__(self, descriptor: int = 2) -> None:
        """Nothing is drawn before the context is entered."""
        self._descriptor = descriptor
        self._rows = 0

    def __enter__(self) -> Self:
        """Take the last row."""
        self._reserve()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """Clear the row and let the whole screen scroll again."""
        if self._rows:
            self._write(f"{_SAVE}\x1b[r\x1b[{self._rows};1H\x1b[2K{_RESTORE}")

    def show(self, text: str) -> None:
        """Draw `text`, cut to the width; follows a terminal that changes its size."""
        size = shutil.get_terminal_size()
        if size.lines != self._rows:
            self._reserve()
        if self._rows:
            cut = text if len(text) < size.columns else f"{text[: max(0, size.columns - 2)]}…"
            self._write(f"{_SAVE}\x1b[{self._rows};1H\x1b[2K\x1b[2m{cut}\x1b[0m{_RESTORE}")

    def _reserve(self) -> None:
        rows = shutil.get_terminal_size().lines
        if rows < 4:  # noqa: PLR2004 - no room for two
            self._rows = 0
            return
        # A new line first: where the cursor is on the last row, what stands there moves up.
        self._write(f"\n\x1b[A{_SAVE}\x1b[1;{rows - 1}r{_RESTORE}")
        self._rows = rows

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError):
            os.write(self._descriptor, text.encode("utf-8", "replace"))
