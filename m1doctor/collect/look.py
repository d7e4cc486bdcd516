"""One look at the machine from outside while something works: the GPU's time by process, memory, swap, heat.

Nothing of it needs root, and nothing happens in the processes that it tells of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from m1doctor.collect.files import read_text
from m1doctor.collect.memory import collect_memory
from m1doctor.collect.readings import run_together, why_not
from m1doctor.collect.world import World
from m1doctor.model.memory import Memory
from m1doctor.model.power import ThermalPressure
from m1doctor.model.record import record
from m1doctor.model.unknown import Unknown, not_applicable

IOREG = ("/usr/sbin/ioreg", "-r", "-c", "IOAccelerator", "-l", "-w", "0", "-d", "3")
NOT_A_MAC = not_applicable("only macOS tells it where anybody may read it")


@record(frozen=True, slots=True, kw_only=True)
class Look:
    """What the machine said at one moment. A counter runs since the machine or the process started."""

    memory: Memory
    """One sample of it: its rates are not known."""
    swapins: int | None
    """Pages read back from swap."""
    swapouts: int | None
    gpu_nanoseconds: Mapping[int, int] | Unknown = NOT_A_MAC
    """GPU time by process. It vanishes with the process: look while it lives."""
    gpu_busy_percent: int | None = None
    """Of the whole GPU, whoever uses it."""
    thermal_pressure: ThermalPressure | None = None

    @property
    def swapped_pages(self) -> int | None:
        """Pages to and from swap; `None` where one of the two is not counted."""
        return self.swapins + self.swapouts if self.swapins is not None and self.swapouts is not None else None

    def gpu_seconds(self, pids: Iterable[int]) -> float | Unknown:
        """Seconds in which the GPU has had work of `pids`, 0 for processes that have no client of it yet.

        The GPU had work then; how fast it ran is not told.
        """
        if isinstance(self.gpu_nanoseconds, Unknown):
            return self.gpu_nanoseconds
        return sum(self.gpu_nanoseconds.get(pid, 0) for pid in pids) / 1e9


def look(world: World) -> Look:
    """Look once. On a Mac it takes four commands side by side."""
    # Each system brings its own parsers: half of them would be read for nothing.
    return _at_mac(world) if world.uname.sysname == "Darwin" else _at_linux(world)


def _at_mac(world: World) -> Look:
    from m1doctor.collect.darwin.memory import SYSCTL, VM_STAT, memory_told  # noqa: PLC0415 - as above
    from m1doctor.collect.darwin.power import NOTIFYUTIL  # noqa: PLC0415 - as above
    from m1doctor.collect.parse.gpu_clients import parse_gpu_busy, parse_gpu_clients  # noqa: PLC0415 - as above
    from m1doctor.collect.parse.notifyutil import parse_thermal_pressure  # noqa: PLC0415 - as above

    registry, sysctl, pages, thermal = run_together(world, IOREG, SYSCTL, VM_STAT, NOTIFYUTIL)
    memory = memory_told(sysctl, pages)
    clients = parse_gpu_clients(registry.stdout)
    return Look(
        memory=memory,
        swapins=memory.pages.swapins if memory.pages else None,
        swapouts=memory.pages.swapouts if memory.pages else None,
        gpu_nanoseconds=clients if clients is not None else why_not(registry, "accumulatedGPUTime"),
        gpu_busy_percent=parse_gpu_busy(registry.stdout),
        thermal_pressure=parse_thermal_pressure(thermal.stdout),
    )


def _at_linux(world: World) -> Look:
    from m1doctor.collect.parse.proc_vmstat import parse_proc_vmstat  # noqa: PLC0415 - as above

    counts = parse_proc_vmstat(read_text(world, "proc/vmstat") or "")
    return Look(memory=collect_memory(world, 0.0), swapins=counts.get("pswpin"), swapouts=counts.get("pswpout"))
