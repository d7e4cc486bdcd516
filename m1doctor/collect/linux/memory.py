"""Memory of a Linux machine: /proc, and the limit of a container."""

from __future__ import annotations

from m1doctor.collect.files import read_text
from m1doctor.collect.parse.meminfo import parse_meminfo
from m1doctor.collect.parse.proc_vmstat import parse_proc_vmstat
from m1doctor.collect.parse.psi import parse_some_avg10
from m1doctor.collect.swap_traffic import NOT_ASKED, no_rates, rates
from m1doctor.collect.world import World
from m1doctor.knowledge.thresholds import threshold
from m1doctor.model.memory import Memory, PressureLevel
from m1doctor.model.unknown import Unknown, not_applicable

_NOT_DARWIN = not_applicable("this is not macOS")


def measure_linux(world: World, sample_seconds: float) -> Memory:
    """Read the counters of the kernel twice."""
    unknown: dict[str, Unknown] = dict.fromkeys(("pages", "compressor_bytes", "wired_limit_bytes"), _NOT_DARWIN)
    start = world.clock()
    first = parse_proc_vmstat(read_text(world, "proc/vmstat") or "")
    sizes = parse_meminfo(read_text(world, "proc/meminfo") or "")
    total, available = sizes.get("MemTotal") or None, sizes.get("MemAvailable")
    swap_total, swap_free = sizes.get("SwapTotal"), sizes.get("SwapFree")
    swap_used = swap_total - swap_free if swap_total is not None and swap_free is not None else None
    stall = parse_some_avg10(read_text(world, "proc/pressure/memory") or "")
    limit = _group_limit(world)
    usable = min(limit, total) if limit is not None and total is not None else total
    if limit is not None and available is not None and total is not None and limit < total:
        current = _number(read_text(world, "sys/fs/cgroup/memory.current"))
        if current is not None:
            available = min(available, max(0, limit - current))
    for name, value in (
        ("total_bytes", total),
        ("usable_bytes", usable),
        ("available_bytes", available),
        ("swap_total_bytes", swap_total),
        ("swap_used_bytes", swap_used),
    ):
        if value is None:
            unknown[name] = Unknown("/proc/meminfo does not say")
    if stall is None:
        for name in ("stall_percent", "pressure", "pressure_source"):
            unknown[name] = Unknown("/proc/pressure/memory does not say (a kernel without PSI)")
    if sample_seconds <= 0:
        traffic = no_rates(NOT_ASKED)
    else:
        world.sleep(sample_seconds)
        second = parse_proc_vmstat(read_text(world, "proc/vmstat") or "")
        traffic = rates(
            (first.get("pswpin"), first.get("pswpout")),
            (second.get("pswpin"), second.get("pswpout")),
            world.clock() - start,
        )
    unknown |= traffic.pop("unknown")
    return Memory(
        total_bytes=total,
        usable_bytes=usable,
        available_bytes=available,
        swap_total_bytes=swap_total,
        swap_used_bytes=swap_used,
        stall_percent=stall,
        pressure=stall_level(stall) if stall is not None else None,
        pressure_source=f"PSI: some task waited for memory in {stall:.0f} % of the last 10 s"
        if stall is not None
        else None,
        unknown=unknown,
        **traffic,
    )


def stall_level(percent: float) -> PressureLevel:
    """Linux has no levels, but it measures what they are about."""
    if percent >= threshold("stall-percent-critical"):
        return PressureLevel.CRITICAL
    return PressureLevel.WARN if percent >= threshold("stall-percent-warn") else PressureLevel.NORMAL


def _group_limit(world: World) -> int | None:
    """The limit of our control group (a container's memory), or `None` where there is none."""
    return _number(read_text(world, "sys/fs/cgroup/memory.max"))


def _number(text: str | None) -> int | None:
    stripped = text.strip() if text else ""
    return int(stripped) if stripped.isdecimal() and len(stripped) < 20 else None  # noqa: PLR2004 - digits of 2**64
