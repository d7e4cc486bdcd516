"""Looks at a running script from outside, again and again: its processes, the GPU's time for them, the machine."""

from __future__ import annotations

from m1doctor.collect.files import read_text
from m1doctor.collect.memory import collect_memory
from m1doctor.collect.profile.tree import TreeUsage, cpu_between, measure_tree
from m1doctor.collect.world import World
from m1doctor.model.memory import Memory
from m1doctor.model.power import ThermalPressure
from m1doctor.model.profile import Sample
from m1doctor.model.unknown import Unknown, not_applicable

_NOT_A_MAC = not_applicable("only macOS counts the GPU's time by process where anybody may read it")


class Sampler:
    """Takes samples of one process and all below it. Keeps the counters that the next sample is held against."""

    def __init__(self, world: World, pid: int) -> None:
        """Begin with the process `pid`; the clock of the samples starts now."""
        self._world = world
        self._pid = pid
        self._mac = world.uname.sysname == "Darwin"
        self._start = self._last = world.clock()
        self._tree = measure_tree(world, pid)
        self._swapped = self._swap_counter(collect_memory(world, 0.0))
        self._gpu: float | None = None
        self.cpu_seconds = 0.0
        self.gpu_seconds: float | None = None
        self.unknown: dict[str, Unknown] = {}
        if not self._mac:
            self.unknown["gpu_seconds"] = _NOT_A_MAC
            self.unknown["thermal_pressure"] = not_applicable("only macOS tells it where anybody may read it")

    def sample(self, steps: int | None) -> Sample | None:
        """Look once; `None` when the process is gone. `steps` is noted as it is."""
        tree = measure_tree(self._world, self._pid)
        now = self._world.clock()
        elapsed = now - self._last
        if tree is None or elapsed <= 0:
            return None
        used = cpu_between(self._tree, tree) if self._tree is not None else sum(tree.cpu_seconds.values())
        self.cpu_seconds += used
        memory = collect_memory(self._world, 0.0)
        swapped = self._swap_counter(memory)
        sample = Sample(
            seconds=round(now - self._start, 3),
            cpu_cores=round(used / elapsed, 3),
            resident_bytes=tree.resident_bytes,
            gpu_share=self._gpu_share(tree, elapsed),
            available_bytes=memory.available_bytes,
            pressure=memory.pressure,
            swap_used_bytes=memory.swap_used_bytes,
            swapped_pages=max(0, swapped - self._swapped)
            if swapped is not None and self._swapped is not None
            else None,
            thermal_pressure=self._thermal_pressure(),
            steps=steps,
        )
        self._tree, self._last, self._swapped = tree, now, swapped
        return sample

    def _gpu_share(self, tree: TreeUsage, elapsed: float) -> float | None:
        if not self._mac:
            return None
        from m1doctor.collect.darwin.gpu_time import gpu_seconds  # noqa: PLC0415 - only a Mac's parsers

        now = gpu_seconds(self._world, tree.pids)
        if isinstance(now, Unknown):
            self.unknown["gpu_seconds"] = now
            return None
        before, self._gpu = self._gpu or 0.0, now
        used = max(0.0, now - before)
        self.gpu_seconds = (self.gpu_seconds or 0.0) + used
        return round(min(1.0, used / elapsed), 4)

    def _swap_counter(self, memory: Memory) -> int | None:
        """Pages to and from swap since the machine started."""
        if self._mac:
            pages = memory.pages
            counters = (pages.swapins, pages.swapouts) if pages is not None else (None, None)
        else:
            from m1doctor.collect.parse.proc_vmstat import parse_proc_vmstat  # noqa: PLC0415 - only Linux's parsers

            found = parse_proc_vmstat(read_text(self._world, "proc/vmstat") or "")
            counters = (found.get("pswpin"), found.get("pswpout"))
        return sum(each for each in counters if each is not None) if None not in counters else None

    def _thermal_pressure(self) -> ThermalPressure | None:
        if not self._mac:
            return None
        from m1doctor.collect.darwin.power import NOTIFYUTIL  # noqa: PLC0415 - only a Mac's parsers
        from m1doctor.collect.parse.notifyutil import parse_thermal_pressure  # noqa: PLC0415 - likewise

        return parse_thermal_pressure(self._world.run(NOTIFYUTIL).stdout)
