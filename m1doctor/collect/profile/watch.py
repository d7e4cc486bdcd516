"""Watches a script from its start, or a process that runs already, to the end: samples, its own log, its end."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from m1doctor.collect.profile.foreground import Foreground, StartError, is_alive, wait_for_end
from m1doctor.collect.profile.inside import read_inside, with_door
from m1doctor.collect.profile.sampler import Sampler
from m1doctor.collect.world import World
from m1doctor.model.profile import Inside, Profile, Sample, Watch
from m1doctor.model.record import record
from m1doctor.model.unknown import Unknown, not_applicable, not_asked

SAMPLE_SECONDS = 1.0
MOST_SAMPLES = 3600
"""A longer run keeps every other sample, and takes them half as often from then on."""
GRACE_SECONDS = 10.0
"""Left to a script after `--duration` has interrupted it."""
_LOG_BYTES = 4 * 2**20
"""Of its standard error, kept from each end."""
_SHELL_SIGNAL_BASE = 128


@record(frozen=True, slots=True, kw_only=True)
class Watched:
    """A watched run: the facts, and what its standard error said."""

    profile: Profile
    errors: bytes
    exit_status: int
    """What the shell would have seen: the script's own, or 128 + the number of the signal that ended it."""


Look = Callable[[Sample, "Inside | None"], None]
"""Is told each sample as it is taken."""


def watch_script(
    world: World,
    python: str,
    command: Sequence[str],
    *,
    inside: bool,
    look: Look,
    duration: float | None = None,
    sample_seconds: float = SAMPLE_SECONDS,
) -> Watched:
    """Run `command` (a script or ``-m MODULE``, with its arguments) with `python` in the foreground, to its end.

    With `inside` the observer is brought into its process. After `duration` seconds it is interrupted, as Ctrl-C would.
    Raises `StartError` where it cannot be started.
    """
    with tempfile.TemporaryDirectory(prefix="m1doctor-", ignore_cleanup_errors=True) as folder:
        report = Path(folder) / "inside"
        report.touch(mode=0o600)
        environ = with_door(world.environ, report) if inside else dict(world.environ)
        heard = _Heard()
        start = world.clock()
        script = Foreground((python, *command), environ, heard.listen)
        with script.in_front():
            sampler = Sampler(world, script.pid)
            samples = _Samples(sample_seconds)
            while not script.wait(samples.pause):
                found = read_inside(report) if inside else None
                seen = found if isinstance(found, Inside) else None
                sample = sampler.sample(seen.fit.count + seen.loop.count if seen is not None else None)
                if sample is not None:
                    samples.add(sample)
                    look(sample, seen)
                if duration is not None and world.clock() - start >= duration:
                    script.stop()
                    if not script.wait(GRACE_SECONDS):
                        script.kill()
                    break
        seconds = world.clock() - start
        observed = read_inside(report) if inside else not_asked("--inside was not given")
    status = script.returncode or 0
    unknown = dict(sampler.unknown)
    if isinstance(observed, Unknown):
        unknown["inside"] = observed
    return Watched(
        profile=Profile(
            command=tuple(command),
            watch=Watch.INSIDE if inside else Watch.OUTSIDE,
            seconds=round(seconds, 3),
            cores=os.cpu_count(),
            returncode=status if status >= 0 else None,
            signal=signal.Signals(-status).name if status < 0 else None,
            interrupted=script.interrupted,
            cpu_seconds=round(sampler.cpu_seconds, 3) if samples.taken else None,
            gpu_seconds=sampler.gpu_seconds,
            samples=tuple(samples.taken),
            inside=observed if isinstance(observed, Inside) else None,
            unknown=unknown,
        ),
        errors=heard.text(),
        exit_status=status if status >= 0 else _SHELL_SIGNAL_BASE - status,
    )


def watch_process(
    world: World, pid: int, *, look: Look, duration: float | None, sample_seconds: float = SAMPLE_SECONDS
) -> Watched:
    """Watch a process that runs already, until it ends, `duration` is over, or Ctrl-C. It is left alone.

    Raises `StartError` where there is no such process.
    """
    if not is_alive(pid):
        message = f"--pid {pid}: no such process"
        raise StartError(message)
    start = world.clock()
    sampler = Sampler(world, pid)
    samples = _Samples(sample_seconds)
    interrupted = ended = False
    try:
        while not (ended := wait_for_end(pid, samples.pause)):
            sample = sampler.sample(None)
            if sample is not None:
                samples.add(sample)
                look(sample, None)
            if duration is not None and world.clock() - start >= duration:
                break
    except KeyboardInterrupt:
        interrupted = True
    unknown = {
        **sampler.unknown,
        "inside": not_applicable("a process that runs already cannot be observed from within"),
    }
    if ended:
        unknown["returncode"] = not_applicable("how a process that is not ours ended is not told")
    return Watched(
        profile=Profile(
            command=_command_of(world, pid) or (f"process {pid}",),
            watch=Watch.ATTACHED,
            seconds=round(world.clock() - start, 3),
            cores=os.cpu_count(),
            interrupted=interrupted,
            stopped_watching=not ended,
            cpu_seconds=round(sampler.cpu_seconds, 3) if samples.taken else None,
            gpu_seconds=sampler.gpu_seconds,
            samples=tuple(samples.taken),
            unknown=unknown,
        ),
        errors=b"",
        exit_status=0,
    )


def _command_of(world: World, pid: int) -> tuple[str, ...]:
    if world.uname.sysname == "Darwin":
        words = world.run(("/bin/ps", "-o", "command=", "-p", str(pid))).stdout.split()
    else:
        from m1doctor.collect.files import read_text  # noqa: PLC0415 - only Linux has the file

        words = (read_text(world, f"proc/{pid}/cmdline") or "").rstrip("\0").split("\0")
    return tuple(word for word in words if word)


class _Samples:
    """Samples in bounded number."""

    def __init__(self, pause: float) -> None:
        self.pause = pause
        self.taken: list[Sample] = []

    def add(self, sample: Sample) -> None:
        self.taken.append(sample)
        if len(self.taken) >= MOST_SAMPLES:
            self.taken = self.taken[1::2]
            self.pause *= 2


class _Heard:
    """The beginning and the end of what the script says on standard error."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._tail = bytearray()

    def listen(self, chunk: bytes) -> None:
        room = _LOG_BYTES - len(self._head)
        self._head += chunk[:room]
        self._tail += chunk[room:] if room > 0 else chunk
        if len(self._tail) > 2 * _LOG_BYTES:
            del self._tail[:-_LOG_BYTES]

    def text(self) -> bytes:
        return bytes(self._head + self._tail)
