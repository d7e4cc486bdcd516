"""A machine made of readings: the world as it was recorded, for replay and for tests.

Ships with the product, so that authors of checks can build machines of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from m1doctor.collect.runner import DEFAULT_SECONDS
from m1doctor.collect.world import Account, Uname, read_below
from m1doctor.model.reading import Reading


class UnrecordedCommandError(LookupError):
    """A collector ran a command that the recording does not know: the recording is incomplete, or the probe is new."""


@dataclass(kw_only=True)
class RecordedWorld:
    """Answers from a recording and fails loudly on anything else.

    Several readings of one command are answered in their order; the last one repeats.
    """

    uname: Uname
    root: Path
    account: Account = field(default_factory=Account)
    pid: int = 1
    environ: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = Path("/")
    home: Path | None = None
    readings: Sequence[Reading] = ()
    sysctls: Mapping[str, int] = field(default_factory=dict)
    volumes: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Path to (total, free) bytes."""
    commands_fail: bool = False
    """Answer an unrecorded command as one that does not exist, for a world with no commands at all."""

    def __post_init__(self) -> None:
        """Queue the readings by command."""
        self._queues: dict[tuple[str, ...], list[Reading]] = {}
        for reading in self.readings:
            self._queues.setdefault(reading.argv, []).append(reading)
        self._now = 0.0

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float = DEFAULT_SECONDS,
        environ: Mapping[str, str] | None = None,
        cwd: str | None = None,
        report: Callable[[str], None] | None = None,
    ) -> Reading:
        """Answer from the recording.

        Raises `UnrecordedCommandError` for a command that it does not hold.
        """
        del timeout, environ, cwd  # a recording answers the same whatever the limit and the surroundings
        command = tuple(argv)
        queue = self._queues.get(command)
        if not queue:
            if self.commands_fail:
                return Reading(argv=command, error="No such file or directory")
            message = f"the recording holds no reading of {command!r}"
            raise UnrecordedCommandError(message)
        reading = queue.pop(0) if len(queue) > 1 else queue[0]
        if report is not None:
            for line in reading.report.splitlines():
                report(line)
        return reading

    def end(self) -> None:
        """Nothing runs in a recording."""

    def read(self, path: str, limit: int) -> bytes:
        """The first `limit` bytes of a file below the root of the recording."""
        return read_below(self.root, path, limit)

    def sysctl_integer(self, name: str) -> int | None:
        """Answer from the recording; `None` is an unknown name."""
        return self.sysctls.get(name)

    def free_bytes(self, path: Path) -> tuple[int, int] | None:
        """Answer from the recording; `None` where it holds no such volume."""
        return self.volumes.get(str(path))

    def may_write(self, path: Path) -> bool:
        """No: a recording is looked at."""
        del path
        return False

    def sleep(self, seconds: float) -> None:
        """Move the recorded clock on."""
        self._now += seconds

    def clock(self) -> float:
        """The recorded clock."""
        return self._now
