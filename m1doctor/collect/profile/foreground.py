"""Runs the user's own script in the foreground, as the shell would: its streams and its Ctrl-C are the terminal's.

Unlike a probe (`collect/runner.py`) it is not limited, not silenced and not put into a group of its own. Only its
standard error passes through our hands, unchanged, so that TensorFlow's log can be explained afterwards: through a
pseudo-terminal where ours is a terminal, so that the script sees one, too.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from m1doctor.errors import UserError

CHUNK_BYTES = 65536
_FORWARDED = (signal.SIGTERM, signal.SIGHUP)


class StartError(UserError):
    """The script could not be started; the message says why."""


class Foreground:
    """A script that runs. Leaving its context waits for its end, whatever happened before."""

    def __init__(
        self, argv: Sequence[str], environ: Mapping[str, str], listen: Callable[[bytes], None], errors: int = 2
    ) -> None:
        """Start `argv`. `listen` hears its standard error, which goes on to the descriptor `errors`.

        Raises `StartError` where there is no such program.
        """
        self.interrupted = False
        ours, theirs = os.openpty() if os.isatty(errors) else os.pipe()
        if os.isatty(errors):
            _same_size(errors, theirs)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the user's own command, argument by argument, no shell
                tuple(argv), env=dict(environ), stderr=theirs
            )
        except (OSError, ValueError) as error:
            os.close(ours)
            reason = getattr(error, "strerror", None) or str(error)
            message = f"cannot start {argv[0]}: {reason}"
            raise StartError(message) from error
        finally:
            os.close(theirs)
        self._pass_on = threading.Thread(target=_pass_on, args=(ours, errors, listen), daemon=True)
        self._pass_on.start()

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def wait(self, seconds: float | None) -> bool:
        """Wait for the end, `seconds` at most; whether it has come."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> None:
        """Ask it to end, as Ctrl-C would."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    @property
    def returncode(self) -> int | None:
        """Its exit status, negative for a signal; `None` while it runs."""
        return self._process.returncode

    @contextlib.contextmanager
    def in_front(self) -> Iterator[None]:
        """Leave Ctrl-C to the script, which the terminal sends it as well; hand other endings on to it."""

        def note(number: int, frame: object) -> None:
            del number, frame
            self.interrupted = True

        def hand_on(number: int, frame: object) -> None:
            del frame
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)

        before = {signal.SIGINT: signal.signal(signal.SIGINT, note)}
        before |= {number: signal.signal(number, hand_on) for number in _FORWARDED}
        try:
            yield
        finally:
            self._process.wait()
            for number, handler in before.items():
                signal.signal(number, handler)
            self._pass_on.join(1.0)  # a grandchild may hold the stream open


def _pass_on(ours: int, errors: int, listen: Callable[[bytes], None]) -> None:
    with contextlib.suppress(OSError):  # a pseudo-terminal ends with EIO; a closed screen is no concern of the script's
        while chunk := os.read(ours, CHUNK_BYTES):
            listen(chunk)
            view = memoryview(chunk)
            while view:
                view = view[os.write(errors, view) :]
    with contextlib.suppress(OSError):
        os.close(ours)


def _same_size(screen: int, theirs: int) -> None:
    import termios  # noqa: PLC0415 - only where there is a terminal

    with contextlib.suppress(OSError, termios.error):
        termios.tcsetwinsize(theirs, termios.tcgetwinsize(screen))


def is_alive(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return sys.maxsize >= pid
    return True


def wait_for_end(pid: int, seconds: float) -> bool:
    """Wait for the end of a process that is not our child, `seconds` at most; whether it has come."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if not is_alive(pid):
            return True
        time.sleep(min(left, 0.1))
    return not is_alive(pid)
