"""A world that keeps what it answered: the raw readings of an examination, within bounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from m1doctor.collect.runner import DEFAULT_SECONDS
from m1doctor.collect.world import Account, Uname, World
from m1doctor.model.reading import Reading

KEEP_CHARACTERS = 64 * 1024
"""Kept of each end of what a command printed or a file holds; `ioreg -a` prints about 100 kB."""
MOST_KEPT = 500
"""Readings and files; an examination makes some fifty."""


def cut(text: str) -> str:
    """The beginning and the end of a text that is too long to keep."""
    dropped = len(text) - 2 * KEEP_CHARACTERS
    if dropped <= 0:
        return text
    return f"{text[:KEEP_CHARACTERS]}\n[{dropped} characters dropped]\n{text[-KEEP_CHARACTERS:]}"


class RecordingWorld:
    """Asks another world, and keeps its answers in `readings`, `files` and `integers`."""

    def __init__(self, world: World) -> None:
        """Ask `world`."""
        self._world = world
        self.readings: list[Reading] = []
        """In the order in which the commands ended."""
        self.files: dict[str, str] = {}
        """By path; of small files of the system only, never of packages."""
        self.integers: dict[str, int | None] = {}
        """What the kernel was asked in-process."""

    @property
    def uname(self) -> Uname:
        """That of the other world."""
        return self._world.uname

    @property
    def account(self) -> Account:
        """That of the other world; never kept."""
        return self._world.account

    @property
    def pid(self) -> int:
        """That of the other world."""
        return self._world.pid

    @property
    def environ(self) -> Mapping[str, str]:
        """That of the other world."""
        return self._world.environ

    @property
    def root(self) -> Path:
        """That of the other world."""
        return self._world.root

    @property
    def cwd(self) -> Path:
        """That of the other world."""
        return self._world.cwd

    @property
    def home(self) -> Path | None:
        """That of the other world."""
        return self._world.home

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float = DEFAULT_SECONDS,
        environ: Mapping[str, str] | None = None,
        cwd: str | None = None,
        report: Callable[[str], None] | None = None,
    ) -> Reading:
        """Run one command and keep its reading."""
        reading = self._world.run(argv, timeout=timeout, environ=environ, cwd=cwd, report=report)
        if len(self.readings) < MOST_KEPT:
            stdout, stderr, told = map(cut, (reading.stdout, reading.stderr, reading.report))
            self.readings.append(replace(reading, stdout=stdout, stderr=stderr, report=told))
        return reading

    def read(self, path: str, limit: int) -> bytes:
        """Read a file and keep its text."""
        content = self._world.read(path, limit)
        if len(self.files) < MOST_KEPT:
            self.files[path] = cut(content.decode("utf-8", "replace"))
        return content

    def sysctl_integer(self, name: str) -> int | None:
        """Ask the kernel and keep its answer."""
        value = self.integers[name] = self._world.sysctl_integer(name)
        return value

    def end(self) -> None:
        """End what still runs."""
        self._world.end()

    def free_bytes(self, path: Path) -> tuple[int, int] | None:
        """Ask; the facts hold the answer as it is."""
        return self._world.free_bytes(path)

    def may_write(self, path: Path) -> bool:
        """Ask; no fact is made of it."""
        return self._world.may_write(path)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._world.sleep(seconds)

    def clock(self) -> float:
        """That of the other world."""
        return self._world.clock()
