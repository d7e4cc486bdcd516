"""GPU time of processes on a Mac, from the IO registry: no root, and nothing in the process itself."""

from __future__ import annotations

from collections.abc import Iterable

from m1doctor.collect.parse.gpu_clients import parse_gpu_clients
from m1doctor.collect.readings import why_not
from m1doctor.collect.world import World
from m1doctor.model.unknown import Unknown

IOREG = ("/usr/sbin/ioreg", "-r", "-c", "IOAccelerator", "-l", "-w", "0", "-d", "3")


def gpu_seconds(world: World, pids: Iterable[int]) -> float | Unknown:
    """Seconds in which the GPU has had work of `pids` so far, 0 for processes that have no client of it yet.

    The counters of a process vanish with it: ask while it lives. The GPU had work then; how fast it ran is not told.
    """
    reading = world.run(IOREG)
    clients = parse_gpu_clients(reading.stdout)
    if clients is None:
        return why_not(reading, "accumulatedGPUTime")
    return sum(clients.get(pid, 0) for pid in pids) / 1e9
