"""What earlier lines of the same log said about the machine and the moment."""

from __future__ import annotations

import re
from collections import deque

_IN_PATH = re.compile(r"/python(3\.\d{1,2})/|python@(3\.\d{1,2})|/Versions/(3\.\d{1,2})/|\bPython (3\.\d{1,2})\.\d")
_ARM = re.compile(r"RELEASE_ARM64|\bApple M\d|macOS-[\d.]+-arm64|__archspec=1=(?:m\d|arm64|apple)")
IMPORT_COMMAND = re.compile(
    r"""
      (?:^\s*(?:\d+\s+|%\s*|\$\s*|\#\s*)?|>>>\s*|In\s*\[\s*\d*\]:\s*)import\s+(?:tensorflow|keras)\b
    | (?:^\s*|>>>\s*|In\s*\[\s*\d*\]:\s*)from\s+(?:tensorflow|keras)[\w.]*\s+import\b
    | \bpython[\d.]*\s+(?:-\w+\s+)*-c\s+['"]?[^\n]*\bimport\s+tensorflow
    | \b(?:import(?:ing)?|run(?:ning)?)\s+\**`?import\s+tensorflow
    """,
    re.VERBOSE,
)
_KEPT = 64


class Clues:
    """A bounded memory of the lines read so far."""

    def __init__(self) -> None:
        self.pythons: list[str] = []
        """Python versions that paths and banners name, in their order."""
        self.apple_silicon = False
        self.intel_conda: int | None = None
        """The line that says that conda looks for osx-64."""
        self.legacy_fallback: tuple[int, str] | None = None
        """The line of Keras' switch to an older optimizer, and the optimizer."""
        self.connection_lost: int | None = None
        """The last line that speaks of a connection that broke."""
        self._work: deque[int] = deque(maxlen=_KEPT)
        self._first_work: int | None = None
        self._imports: deque[int] = deque(maxlen=_KEPT)

    def read(self, number: int, text: str, kinds: frozenset[str]) -> None:
        """Take note of one line that holds literals of `kinds`."""
        if "python-names-itself" in kinds and len(self.pythons) < _KEPT:
            for found in _IN_PATH.finditer(text):
                version = next(group for group in found.groups() if group)
                if version not in self.pythons:
                    self.pythons.append(version)
        if "machine" in kinds and not self.apple_silicon:
            self.apple_silicon = bool(_ARM.search(text))
        if "connection-lost" in kinds:
            self.connection_lost = number
        if "import-command" in kinds and IMPORT_COMMAND.search(text):
            self._imports.append(number)

    def work_seen(self, number: int) -> None:
        """Take note of a line that TensorFlow prints at work."""
        if self._first_work is None:
            self._first_work = number
        self._work.append(number)

    def at_work(self, number: int) -> bool:
        """Whether work was seen before this line and after the last import command before it."""
        imported = self.imported_at(number)
        if self._first_work is None or self._first_work > number:
            return False
        if imported is None:
            return True
        return any(imported <= line <= number for line in self._work)

    def imported_at(self, number: int) -> int | None:
        """The last line before this one that commands an import of TensorFlow."""
        return max((line for line in self._imports if line <= number), default=None)
