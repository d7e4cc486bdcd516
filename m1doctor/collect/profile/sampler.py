"""Looks at a running script from outside, again and again: its processes, the GPU's time for them, the machine."""

from __future__ import annotations

from m1doctor.collect.look import NOT_A_MAC, Look, look
from m1doctor.collect.profile.tree import cpu_between, measure_tree
from m1doctor.collect.world import World
from m1doctor.model.profile import Sample
from m1doctor.model.unknown import Unknown


class Sampler:
    """Takes samples of one process and all below it. Keeps the counters that the next sample is held against."""

    def __init__(self, world: World, pid: int) -> None:
        """Begin with the process `pid`; the clock of the samples starts now."""
        self._world = world
        self._pid = pid
        self._start = self._last = world.clock()
        self._tree = measure_tree(world, pid)
        self._seen = look(world)
        self.cpu_seconds = 0.0
        self.gpu_seconds: float | None = None
        self.unknown: dict[str, Unknown] = {}
        if world.uname.sysname != "Darwin":
            self.unknown = {"gpu_seconds": NOT_A_MAC, "thermal_pressure": NOT_A_MAC}

    def sample(self, steps: int | None) -> Sample | None:
        """Look once; `None` when the process is gone. `steps` is noted as it is."""
        tree = measure_tree(self._world, self._pid)
        now = self._world.clock()
        elapsed = now - self._last
        if tree is None or elapsed <= 0:
            return None
        before, seen = self._seen, look(self._world)
        used = cpu_between(self._tree, tree) if self._tree is not None else sum(tree.cpu_seconds.values())
        self.cpu_seconds += used
        sample = Sample(
            seconds=round(now - self._start, 3),
            cpu_cores=round(used / elapsed, 3),
            resident_bytes=tree.resident_bytes,
            gpu_share=self._gpu_share(before, seen, tree.pids, elapsed),
            available_bytes=seen.memory.available_bytes,
            pressure=seen.memory.pressure,
            swap_used_bytes=seen.memory.swap_used_bytes,
            swapped_pages=max(0, seen.swapped_pages - before.swapped_pages)
            if seen.swapped_pages is not None and before.swapped_pages is not None
            else None,
            thermal_pressure=seen.thermal_pressure,
            steps=steps,
        )
        self._tree, self._last, self._seen = tree, now, seen
        return sample

    def _gpu_share(self, before: Look, seen: Look, pids: frozenset[int], elapsed: float) -> float | None:
        """Share of the time since the look before in which the GPU had work of `pids`."""
        now, then = seen.gpu_seconds(pids), before.gpu_seconds(pids)
        if isinstance(now, Unknown):
            self.unknown["gpu_seconds"] = now
            return None
        used = max(0.0, now - (0.0 if isinstance(then, Unknown) else then))
        self.gpu_seconds = (self.gpu_seconds or 0.0) + used
        return round(min(1.0, used / elapsed), 4)
