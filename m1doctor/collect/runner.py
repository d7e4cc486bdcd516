"""The only place that starts a process.

A command runs without a shell, with no standard input, in a process group of its own that is ended whole, and with
bounded memory for what it prints: the head and the tail of each stream are kept, never the flood between.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from typing import IO, Protocol

from m1doctor.model.reading import Reading

KEEP_BYTES = 512 * 1024
"""Kept of each end of a stream; enough for `ioreg -a` (about 100 kB) with room to spare."""
DEFAULT_SECONDS = 2.0
"""Time limit of a system probe; every probe of the default set answers in well under 0.1 s."""


class Runner(Protocol):
    """Runs one command to its end."""

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float = DEFAULT_SECONDS,
        environ: Mapping[str, str] | None = None,
        cwd: str | None = None,
    ) -> Reading:
        """Run `argv` and return what it answered; never raises for what the command does.

        `timeout` is seconds. `environ` replaces the whole environment of the command; `None` means the probe
        environment of the runner (the caller's own, with `LC_ALL=C`).
        """
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


class SystemRunner:
    """Runs commands on this machine."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        """Derive the probe environment from `environ`."""
        # LC_ALL=C: sysctl prints decimals with a comma in some locales. SYSTEM_VERSION_COMPAT turns macOS into 10.16.
        self._environ = {**environ, "LC_ALL": "C", "LANG": "C"}
        self._environ.pop("SYSTEM_VERSION_COMPAT", None)

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float = DEFAULT_SECONDS,
        environ: Mapping[str, str] | None = None,
        cwd: str | None = None,
    ) -> Reading:
        """Run `argv` as `Runner.run` says."""
        command = tuple(argv)
        start = time.perf_counter()
        try:
            process = subprocess.Popen(  # noqa: S603 - argv is a tuple of our own probes, never a shell line
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=dict(self._environ if environ is None else environ),
                cwd=cwd,
                start_new_session=True,
            )
        except OSError as error:
            return Reading(argv=command, error=error.strerror or str(error), seconds=time.perf_counter() - start)
        return _watch(process, command, timeout, start)


def _watch(process: subprocess.Popen[bytes], argv: tuple[str, ...], timeout: float, start: float) -> Reading:
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
    timed_out = False
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        timed_out = True
    finally:
        # The group outlives its leader: a grandchild that holds the pipes would keep us waiting.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for drain in drains:
            drain.join(1.0)
        process.stdout.close()
        process.stderr.close()
    code = process.returncode
    return Reading(
        argv=argv,
        returncode=code if code >= 0 else None,
        signal=-code if code < 0 else None,
        stdout=out.text(),
        stderr=err.text(),
        seconds=time.perf_counter() - start,
        timed_out=timed_out,
    )
