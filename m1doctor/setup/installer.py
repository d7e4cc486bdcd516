"""uv as the installer: what a change would do, doing it, and waiting for one that outlived its m1doctor."""

from __future__ import annotations

import fcntl
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from m1doctor.collect.world import World
from m1doctor.locks.uv import settings_of_index
from m1doctor.model.names import distribution_name
from m1doctor.model.reading import Reading
from m1doctor.model.remedy import Action
from m1doctor.model.repair import Moved, Operation

INSTALL_SECONDS = 3600.0
"""Time limit of one installation: hundreds of megabytes over a slow line."""
PREVIEW_SECONDS = 300.0
_INSTALLERS = {"uv", "micromamba", "mamba", "conda"}
LOCK = ".lock"
"""uv's lock in the root of an environment, held for as long as it changes it."""
_CHANGE = re.compile(r"^ (?P<sign>[-+~]) (?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)", re.MULTILINE)
_FRAME = re.compile(r"^[^\w`'\"(]+|\s+$")
"""The marks that uv draws in front of its explanations."""
_ALSO_KEPT = re.compile(r"UV_(LINK_MODE|PYTHON_INSTALL_DIR|PYTHON_INSTALL_MIRROR|PYTHON_DOWNLOADS|CONCURRENT_.+)")
"""Settings of the user that say how files are laid down and where Pythons are kept."""


class InstallerError(Exception):
    """uv could not do what it was asked; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Uv:
    """uv for one environment."""

    binary: str
    world: World
    python: str
    """The interpreter of the environment that is changed."""

    def preview(self, operation: Operation) -> list[Moved]:
        """What an operation would change. Nothing is changed. Raises `InstallerError`."""
        if operation.action is Action.UNINSTALL:
            return [Moved(name=name, before=None, after=None) for name in operation.names]
        reading = self._run(operation, ("--dry-run",), PREVIEW_SECONDS)
        return changes_of(reading)

    def perform(self, operation: Operation, *, fresh: bool = False) -> None:
        """Do it. `fresh` takes nothing from uv's cache, for files that may be damaged there too.

        Raises `InstallerError`.
        """
        self._run(operation, ("--no-cache",) if fresh else (), INSTALL_SECONDS)

    def _run(self, operation: Operation, options: Sequence[str], seconds: float) -> Reading:
        return run_uv(self.world, self.binary, argv_of(operation, self.python, options), seconds)


def argv_of(operation: Operation, python: str, options: Sequence[str] = ()) -> tuple[str, ...]:
    """The command of an operation, with plain ``uv`` in its front."""
    what = "uninstall" if operation.action is Action.UNINSTALL else "install"
    again = ("--reinstall", "--no-deps") if operation.action is Action.REINSTALL else ()
    return ("uv", "pip", what, "--python", python, *again, *options, *operation.requirements)


def run_uv(world: World, binary: str, argv: Sequence[str], seconds: float, cwd: str | None = None) -> Reading:
    """Run a command that begins with ``uv``, and return what it answered. Raises `InstallerError`."""
    reading = world.run((binary, *argv[1:]), timeout=seconds, environ=environ_for_uv(world.environ), cwd=cwd)
    if not reading.ok:
        raise InstallerError(_why(reading))
    return reading


def environ_for_uv(environ: Mapping[str, str]) -> dict[str, str]:
    """The user's environment, less what would make uv install something else or somewhere else than was planned."""
    also = {key: value for key, value in environ.items() if _ALSO_KEPT.fullmatch(key)}
    return {**settings_of_index(environ), **also, "NO_COLOR": "1", "UV_NO_PROGRESS": "1"}


def _why(reading: Reading) -> str:
    if reading.error is not None:
        return f"uv could not be started: {reading.error}"
    if reading.timed_out:
        return "uv took longer than it may"
    if reading.signal is not None:
        return f"uv was ended by signal {reading.signal}"
    words = [_FRAME.sub("", line) for line in reading.stderr.splitlines()]
    told = [line for line in words if line and not line.startswith(("Using Python", "Resolved", "warning:"))]
    return " ".join(told).removeprefix("error: ") or f"uv ended with status {reading.returncode}"


def changes_of(reading: Reading) -> list[Moved]:
    """What uv says that a dry run would change."""
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for match in _CHANGE.finditer(reading.stderr):
        name = distribution_name(match["name"])
        if match["sign"] in "-~":
            before[name] = match["version"]
        if match["sign"] in "+~":
            after[name] = match["version"]
    return [
        Moved(name=name, before=before.get(name), after=after.get(name))
        for name in sorted(before.keys() | after.keys())
    ]


def wait_for_installer(world: World, environment: Path, seconds: float) -> bool:
    """Wait until nothing installs into `environment`; `False` where something still does after `seconds`.

    An installer that was started by an m1doctor which was killed goes on by itself, and what it writes must not be
    mixed into what is restored. Its lock tells of a uv that has begun, the process table of one that is about to.
    """
    until = time.monotonic() + seconds
    while _is_locked(environment) or _is_at_work(world, environment):
        if time.monotonic() >= until:
            return False
        time.sleep(0.1)
    return True


def _is_locked(environment: Path) -> bool:
    try:
        with (environment / LOCK).open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False


def _is_at_work(world: World, environment: Path) -> bool:
    return any(_installs_into(words, str(environment)) for words in _command_lines(world))


def _installs_into(words: Sequence[str], environment: str) -> bool:
    """Whether a command line is that of an installer (or of a script that is one) which names `environment`."""
    return any(Path(word).name in _INSTALLERS for word in words[:2]) and any(environment in word for word in words)


def _command_lines(world: World) -> Iterator[list[str]]:
    if world.uname.sysname == "Darwin":
        for line in world.run(("/bin/ps", "-axww", "-o", "command=")).stdout.splitlines():
            yield [*line.split(" ", 2)[:2], line]
        return
    for file in (world.root / "proc").glob("[0-9]*/cmdline"):
        try:
            yield file.read_bytes().decode(errors="replace").split("\0")
        except OSError:  # it has ended meanwhile
            continue
