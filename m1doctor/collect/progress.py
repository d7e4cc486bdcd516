"""Who is told what runs, for those who collect and for those who show it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Is told which part runs. Every method may be called from any thread."""

    def started(self, part: str) -> None:
        """A part such as ``"packages"`` begins."""
        ...

    def told(self, part: str, words: str) -> None:
        """A running part says what it is doing now."""
        ...

    def finished(self, part: str) -> None:
        """A part has ended, one way or the other."""
        ...


class Silence:
    """The progress that nobody watches."""

    def started(self, part: str) -> None:
        """Say nothing."""

    def told(self, part: str, words: str) -> None:
        """Say nothing."""

    def finished(self, part: str) -> None:
        """Say nothing."""
