"""Looks at the machine while the child works: its GPU time, memory pressure, swap traffic, heat. From outside.

The GPU time of a process can be read without root, and is gone when the process is: so it is read while the child
lives.
"""

from __future__ import annotations

import threading

from m1doctor.collect.look import look
from m1doctor.collect.parse.pmgr import parse_gpu_clock
from m1doctor.collect.world import World
from m1doctor.model.load import Load, LoadSample
from m1doctor.model.unknown import Unknown, UnknownKind, not_applicable

SECONDS = 0.4
"""Between two samples: a part takes a second or two, and a sample costs a Mac some 20 ms of one core."""
PMGR = ("/usr/sbin/ioreg", "-a", "-p", "IODeviceTree", "-r", "-d", "1", "-w0", "-n", "pmgr")
_NOT_DARWIN = not_applicable("this is not macOS")
_FIELDS = ("gpu_nanoseconds", "gpu_busy_percent", "pressure", "swapins", "swapouts", "thermal_pressure")


class LoadWatch:
    """Takes samples from the first part of the work to the end of the child, in a thread of its own."""

    def __init__(self, world: World, parts: frozenset[str]) -> None:
        """Nothing is looked at before a stage in `parts` begins."""
        self._world = world
        self._parts = parts
        self._mac = world.uname.sysname == "Darwin"
        self._part: str | None = None
        self._pid = 0
        self._samples: list[LoadSample] = []
        self._wake = threading.Event()
        self._over = False
        self._failure: Exception | None = None
        self._thread: threading.Thread | None = None
        self._start = world.clock()

    def begun(self, stage: str, pid: int) -> None:
        """Hear that a stage has begun in the process `pid`."""
        self._part, self._pid = (stage if stage in self._parts else None), pid
        self._wake.set()
        if self._thread is None and self._part is not None:
            self._thread = threading.Thread(target=self._watch, daemon=True)
            self._thread.start()

    def end(self) -> Load:
        """Stop, and tell what was seen."""
        self._over = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        clock = parse_gpu_clock(self._world.run(PMGR).stdout) if self._mac and self._samples else None
        unknown = {
            name: self._why_not(name)
            for name in _FIELDS
            if all(getattr(sample, name) is None for sample in self._samples)
        }
        if self._failure is not None:
            unknown["samples"] = Unknown(f"m1doctor's own look failed: {self._failure!r}", UnknownKind.CRASHED)
        if clock is None:
            unknown["gpu_clock_hz"] = self._why_not("gpu_clock_hz")
        return Load(samples=tuple(self._samples), gpu_clock_hz=clock, unknown=unknown)

    def _watch(self) -> None:
        while not self._over:
            self._wake.clear()
            part = self._part
            try:
                if part is not None:
                    self._samples.append(self._look(part))
            except Exception as error:  # noqa: BLE001 - a look that fails costs the samples, never the work
                self._failure = error
                return
            self._wake.wait(SECONDS)

    def _look(self, part: str) -> LoadSample:
        seconds = self._world.clock() - self._start
        seen = look(self._world)
        counted = seen.gpu_nanoseconds
        return LoadSample(
            seconds=seconds,
            part=part,
            gpu_nanoseconds=None if isinstance(counted, Unknown) else counted.get(self._pid),
            gpu_busy_percent=seen.gpu_busy_percent,
            pressure=seen.memory.pressure,
            swapins=seen.swapins,
            swapouts=seen.swapouts,
            thermal_pressure=seen.thermal_pressure,
        )

    def _why_not(self, name: str) -> Unknown:
        if not self._samples:
            return Unknown("no part of the work came to run")
        if not self._mac and name in ("gpu_nanoseconds", "gpu_busy_percent", "thermal_pressure", "gpu_clock_hz"):
            return _NOT_DARWIN
        if name == "gpu_nanoseconds":
            return Unknown("the IO registry counts no GPU time for the target's process")
        return Unknown("the system did not say while the work ran")
