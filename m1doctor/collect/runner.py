"""The only place that starts a process.

A command runs without a shell, with no standard input, in a process group of its own that is ended whole, and with
bounded memory for what it prints: the head and the tail of each stream are kept, never the flood between. A command
that has something to say while it runs, or whose standard output is not its own, is given a private report file.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Protocol

from m1doctor.model.reading import Reading

KEEP_BYTES = 512 * 1024
"""Kept of each end of a stream; enough for `ioreg -a` (about 100 kB) with room to spare."""
DEFAULT_SECONDS = 2.0
"""Time limit of a system probe; every probe of the default set answers in well under 0.1 s."""
REPORT_BYTES = 4 * 1024 * 1024
"""Read of a report file at most; a child of the target writes some 10 kB."""
POLL_SECONDS = 0.05
"""How often a report file is looked at, and a command whose streams another process keeps open."""
LAST_WORD_SECONDS = 0.5
"""Left to a command with a report file between the signal that its time is up and its end."""


class Runner(Protocol):
    """Runs one command to its end."""

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float = DEFAULT_SECONDS,
        environ: Mapping[str, str] | None = None,
        cwd: str | None = None,
        report: Callable[[str], None] | None = None,
    ) -> Reading:
        """Run `argv` and return what it answered; never raises for what the command does.

        `timeout` is seconds. `environ` replaces the whole environment of the command; `None` means the probe
        environment of the runner (the caller's own, with `LC_ALL=C`).

        With `report`, the path of an empty private file is added as the last argument. Each line that is appended to
        it is handed to `report`, without its line end, while the command runs, and the whole text is in
        `Reading.report`. When its time is up such a command is first sent SIGUSR2, so that it can say where it stands.
        """
        ...

    def end(self) -> None:
        """End every command that still runs, with its whole group, and start no more. Safe from any thread."""
        ...


class _Ends:
    """The first and the last bytes of a stream of any length."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._head = bytearray()
        self._tail = bytearray()
        self._dropped = 0

    def feed(self, chunk: bytes) -> None:
        room = self._keep - len(self._head)
        if room > 0:
            self._head += chunk[:room]
            chunk = chunk[room:]
        self._tail += chunk
        excess = len(self._tail) - self._keep
        if excess > 0:
            del self._tail[:excess]
            self._dropped += excess

    def text(self) -> str:
        head = self._head.decode("utf-8", "replace")
        tail = self._tail.decode("utf-8", "replace")
        return f"{head}\n[{self._dropped} bytes dropped]\n{tail}" if self._dropped else head + tail


def _drain(stream: IO[bytes], ends: _Ends) -> None:
    # A stream closed under our feet (a grandchild kept it open after the end) is the end of the stream.
    with contextlib.suppress(OSError, ValueError):
        while chunk := os.read(stream.fileno(), 65536):
            ends.feed(chunk)


class _ReportFile:
    """A private file that a command appends lines to while we read it."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        import tempfile  # noqa: PLC0415 - wanted only where the target is run; a quick diagnosis starts without it

        self._folder = tempfile.TemporaryDirectory(prefix="m1doctor-", ignore_cleanup_errors=True)
        self.path = Path(self._folder.name) / "report"
        self.path.touch(mode=0o600)
        # Opened once: a command that removes the file, or puts another in its place, does not change what we read.
        self._file = self.path.open("rb")
        self._tell = tell
        self._begun = b""
        self._whole = bytearray()

    def poll(self) -> None:
        """Hand on the lines that were completed since the last look."""
        new = self._file.read(REPORT_BYTES - len(self._whole))
        if not new:
            return
        self._whole += new
        *lines, self._begun = (self._begun + new).split(b"\n")
        for line in lines:
            self._tell(line.decode("utf-8", "replace"))

    def close(self) -> str:
        """Read the rest, take the file away, and return the whole text."""
        self.poll()
        self._file.close()
        self._folder.cleanup()
        if self._begun:
            self._tell(self._begun.decode("utf-8", "replace"))
        return self._whole.decode("utf-8", "replace")


class SystemRunner:
    """Runs commands on this machine."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        """Derive the probe environment from `environ`."""
        # LC_ALL=C: sysctl prints decimals with a comma in some locales. SYSTEM_VERSION_COMPAT turns macOS into 10.16.
        self._environ = {**environ, "LC_ALL": "C", "LANG": "C"}
        self._environ.pop("SYSTEM_VERSION_COMPAT", None)
        self._running: set[int] = set()
        self._lock = threading.Lock()
        self._ended = False

    def end(self) -> None:
        """End every command that still runs, with its whole group, and start no more. Safe from any thread.

        For an interrupt: it arrives in the main thread only, while commands may be waited for in others.
        """
        with self._lock:
            self._ended = True
            for group in self._running:
                _end_group(group)

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float = DEFAULT_SECONDS,
        environ: Mapping[str, str] | None = None,
        cwd: str | None = None,
        report: Callable[[str], None] | None = None,
    ) -> Reading:
        """Run `argv` as `Runner.run` says."""
        command = tuple(argv)
        start = time.perf_counter()
        file = None
        try:
            file = _ReportFile(report) if report is not None else None
            process = self._start((*command, str(file.path)) if file else command, environ, cwd)
        except (OSError, ValueError) as error:  # ValueError: a NUL in an argument or in the environment
            if file is not None:
                file.close()
            words = (error.strerror if isinstance(error, OSError) else None) or str(error)
            return Reading(argv=command, error=words, seconds=time.perf_counter() - start)
        try:
            return _watch(process, command, timeout, start, file)
        finally:
            with self._lock:
                self._running.discard(process.pid)

    def _start(
        self, command: tuple[str, ...], environ: Mapping[str, str] | None, cwd: str | None
    ) -> subprocess.Popen[bytes]:
        """Start `command` in a group of its own, unless we were told to end."""
        with self._lock:
            if self._ended:
                raise InterruptedError(0, "m1doctor is ending")
            process = subprocess.Popen(  # noqa: S603 - argv is a tuple of our own probes, never a shell line
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=dict(self._environ if environ is None else environ),
                cwd=cwd,
                start_new_session=True,
            )
            self._running.add(process.pid)
            return process


def _end_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _wait(
    process: subprocess.Popen[bytes], timeout: float, file: _ReportFile | None, drains: Sequence[threading.Thread]
) -> bool:
    """Wait for the end, reading the report meanwhile; whether the time ran out.

    The end of a process closes its streams, and that is noticed at once; `Popen.wait` with a limit looks every 50 ms.
    """
    until = time.monotonic() + timeout
    while (left := until - time.monotonic()) > 0:
        moment = time.monotonic() + min(left, POLL_SECONDS)
        for drain in drains:
            drain.join(max(0.0, moment - time.monotonic()))
        if not any(drain.is_alive() for drain in drains):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, moment - time.monotonic()))
        if process.poll() is not None:
            return False
        if file is not None:
            file.poll()
    if process.poll() is not None:
        return False
    if file is not None:
        process.send_signal(signal.SIGUSR2)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(LAST_WORD_SECONDS)
    return True


def _watch(
    process: subprocess.Popen[bytes], argv: tuple[str, ...], timeout: float, start: float, file: _ReportFile | None
) -> Reading:
    """Drain both streams at once, end the whole group at the limit or on an interrupt, and say how it ended."""
    assert process.stdout is not None  # noqa: S101 - Popen was told to make both pipes; mypy cannot know
    assert process.stderr is not None  # noqa: S101
    out, err = _Ends(KEEP_BYTES), _Ends(KEEP_BYTES)
    drains = [
        threading.Thread(target=_drain, args=(stream, ends), daemon=True)
        for stream, ends in ((process.stdout, out), (process.stderr, err))
    ]
    for drain in drains:
        drain.start()
    reported = ""
    try:
        timed_out = _wait(process, timeout, file, drains)
    finally:
        # The group outlives its leader: a grandchild that holds the pipes would keep us waiting.
        _end_group(process.pid)
        process.wait()
        for drain in drains:
            drain.join(1.0)
        process.stdout.close()
        process.stderr.close()
        if file is not None:
            reported = file.close()
    code = process.returncode
    return Reading(
        argv=argv,
        returncode=code if code >= 0 else None,
        signal=-code if code < 0 else None,
        stdout=out.text(),
        stderr=err.text(),
        report=reported,
        seconds=time.perf_counter() - start,
        timed_out=timed_out,
    )
