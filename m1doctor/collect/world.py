"""The outside world as a parameter: every collector takes a `World`, so that a whole machine can be replayed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from m1doctor.collect.runner import DEFAULT_SECONDS, Runner, SystemRunner
from m1doctor.model.reading import Reading
from m1doctor.model.record import record


@record(frozen=True, slots=True)
class Uname:
    """What `os.uname()` says, without the host name."""

    sysname: str
    release: str
    version: str
    machine: str


@record(frozen=True, slots=True, kw_only=True)
class Account:
    """Who runs this and where: names that no report holds, known so that they can be taken out of one."""

    login: str | None = None
    full_name: str | None = None
    host_name: str | None = None


class World(Runner, Protocol):
    """All that a collector may ask of the outside: commands, as of a runner, and the rest of this."""

    @property
    def uname(self) -> Uname:
        """The kernel's description of itself and of this process."""
        ...

    @property
    def account(self) -> Account:
        """The user's and the machine's names."""
        ...

    @property
    def pid(self) -> int:
        """Number of our own process, to find our ancestors in the process table."""
        ...

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment variables of the user."""
        ...

    @property
    def root(self) -> Path:
        """The file system: ``/`` on a live machine, a folder with the same layout in a test."""
        ...

    @property
    def cwd(self) -> Path:
        """The working folder."""
        ...

    @property
    def home(self) -> Path | None:
        """The user's home folder."""
        ...

    def read(self, path: str, limit: int) -> bytes:
        """The first `limit` bytes of a file, `path` counted from the root. Raises `OSError`."""
        ...

    def sysctl_integer(self, name: str) -> int | None:
        """Ask the kernel in-process; `None` for an unknown name. A child would answer for itself, not for us."""
        ...

    def free_bytes(self, path: Path) -> tuple[int, int] | None:
        """Total and free bytes of the file system that holds `path`; `None` where it cannot be asked."""
        ...

    def may_write(self, path: Path) -> bool:
        """Whether the user may change `path`: a folder that is another's, or one of a read-only volume, he may not."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait between two samples."""
        ...

    def clock(self) -> float:
        """Seconds of a clock that only goes forward."""
        ...


def read_below(root: Path, path: str, limit: int) -> bytes:
    """The first `limit` bytes of the file at `path`, counted from `root`. Raises `OSError`."""
    with (root / path.lstrip("/")).open("rb") as file:
        return file.read(limit)


class LiveWorld:
    """This machine, now."""

    def __init__(self, runner: Runner | None = None, environ: Mapping[str, str] = os.environ) -> None:
        """Use `runner` for commands and `environ` as the user's environment."""
        self.environ: Mapping[str, str] = environ
        self.root = Path("/")
        self._runner = runner if runner is not None else SystemRunner(environ)

    @property
    def uname(self) -> Uname:
        """`os.uname()` of this process."""
        own = os.uname()
        return Uname(own.sysname, own.release, own.version, own.machine)

    @property
    def account(self) -> Account:
        """The entry of the user database, and the node name of `os.uname()`."""
        import pwd  # noqa: PLC0415 - only a bundle asks

        host_name = os.uname().nodename
        try:
            entry = pwd.getpwuid(os.getuid())
        except KeyError:  # a container's user has none
            return Account(host_name=host_name)
        return Account(login=entry.pw_name, full_name=entry.pw_gecos.partition(",")[0], host_name=host_name)

    @property
    def pid(self) -> int:
        """`os.getpid()`."""
        return os.getpid()

    @property
    def cwd(self) -> Path:
        """The working folder of this process."""
        return Path.cwd()

    @property
    def home(self) -> Path | None:
        """`Path.home()`, or `None` for a user without one."""
        try:
            return Path.home()
        except RuntimeError:
            return None

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float = DEFAULT_SECONDS,
        environ: Mapping[str, str] | None = None,
        cwd: str | None = None,
        report: Callable[[str], None] | None = None,
    ) -> Reading:
        """Run one command on this machine."""
        return self._runner.run(argv, timeout=timeout, environ=environ, cwd=cwd, report=report)

    def end(self) -> None:
        """End every command that still runs on this machine for us."""
        self._runner.end()

    def read(self, path: str, limit: int) -> bytes:
        """The first `limit` bytes of a file of this machine."""
        return read_below(self.root, path, limit)

    def sysctl_integer(self, name: str) -> int | None:
        """Call `sysctlbyname` of libSystem; `None` off macOS."""
        if sys.platform != "darwin":
            return None
        import ctypes  # noqa: PLC0415 - only a Mac has something to ask

        library = ctypes.CDLL(None, use_errno=True)
        value = ctypes.c_uint64(0)
        size = ctypes.c_size_t(ctypes.sizeof(value))
        if library.sysctlbyname(name.encode(), ctypes.byref(value), ctypes.byref(size), None, 0) != 0:
            return None
        # Little-endian on every Mac we know: a 4-byte answer fills the low half of the zeroed 8 bytes.
        return value.value

    def free_bytes(self, path: Path) -> tuple[int, int] | None:
        """`statvfs` of the file system that holds `path`."""
        try:
            volume = os.statvfs(path)
        except OSError:
            return None
        return volume.f_blocks * volume.f_frsize, volume.f_bavail * volume.f_frsize

    def may_write(self, path: Path) -> bool:
        """Ask the system; it knows of read-only volumes and immutable folders, too."""
        return os.access(path, os.W_OK)

    def sleep(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)

    def clock(self) -> float:
        """`time.monotonic`."""
        return time.monotonic()
