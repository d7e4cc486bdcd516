"""What is going on, on standard error, for people who wait: only at a terminal, and only once it takes a while."""

from __future__ import annotations

import threading
import time
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.status import Status

PATIENCE_SECONDS = 0.8
"""Nothing is shown before this: most examinations of files are over by then."""
_TURN_SECONDS = 0.25

WORDS = {
    "host": "looking at the machine",
    "power": "asking for power and heat",
    "memory": "watching memory",
    "interpreter": "reading the interpreter",
    "packages": "reading the packages",
    "plugins": "linking the plugin on paper",
    "runtime": "running TensorFlow",
    "lock": "pinning the packages",
    "download": "fetching the files",
    "setup": "making the environment",
    "fix": "repairing",
    "undo": "taking back",
    "bundle": "taking out what tells who you are",
    "lint": "reading code",
}


class LiveProgress(AbstractContextManager["LiveProgress"]):
    """A spinner with the names of the parts that run and the seconds so far; gone without a trace at the end."""

    def __init__(self) -> None:
        """Nothing is drawn before the context is entered and `PATIENCE_SECONDS` have gone by."""
        self._parts: dict[str, tuple[float, str]] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._draw, daemon=True)

    def __enter__(self) -> Self:
        """Begin to watch."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """Clear the line, also after an interrupt."""
        self._over.set()
        self._thread.join(2.0)

    def started(self, part: str) -> None:
        """Name a part that begins."""
        with self._lock:
            self._parts[part] = (time.monotonic(), WORDS.get(part, part))

    def told(self, part: str, words: str) -> None:
        """Show what a part is doing now."""
        with self._lock:
            if part in self._parts:
                self._parts[part] = (self._parts[part][0], f"{WORDS.get(part, part)}: {words}")

    def finished(self, part: str) -> None:
        """Drop a part."""
        with self._lock:
            self._parts.pop(part, None)

    def line(self) -> str:
        """The line as it is now."""
        now = time.monotonic()
        with self._lock:
            parts = [f"{words} ({now - start:.0f} s)" for start, words in self._parts.values()]
        return " · ".join(parts)

    def _draw(self) -> None:
        if self._over.wait(PATIENCE_SECONDS):
            return
        with self._status() as status:
            while not self._over.wait(_TURN_SECONDS):
                status.update(_cut(self.line(), status.console.width))

    def _status(self) -> Status:
        from rich.console import Console  # noqa: PLC0415 - only a long run with somebody watching needs it
        from rich.status import Status  # noqa: PLC0415

        console = Console(stderr=True, markup=False, highlight=False, emoji=False)
        return Status(_cut(self.line(), console.width), console=console)


def _cut(line: str, width: int) -> str:
    room = max(width - 4, 8)
    return line if len(line) <= room else f"{line[: room - 1]}…"
