"""Memory pressure and swap: the kernel's own level, the counters behind it, and swap traffic between two samples."""

from __future__ import annotations

from typing import Any

from m1doctor.collect.files import read_text
from m1doctor.collect.parse.meminfo import parse_meminfo
from m1doctor.collect.parse.proc_vmstat import parse_proc_vmstat
from m1doctor.collect.parse.psi import parse_some_avg10
from m1doctor.collect.parse.swapusage import parse_swapusage
from m1doctor.collect.parse.sysctl import integer, parse_sysctl
from m1doctor.collect.parse.vm_stat import parse_vm_stat
from m1doctor.collect.readings import run_together, why_not
from m1doctor.collect.world import World
from m1doctor.knowledge.thresholds import threshold
from m1doctor.model.memory import Memory, PageCounts, PressureLevel
from m1doctor.model.unknown import Unknown, not_applicable, not_asked

# The level is masked from listings, so it has to be asked for by name. Everything here is readable without root.
SYSCTL = (
    "/usr/sbin/sysctl",
    "kern.memorystatus_vm_pressure_level",
    "hw.memsize",
    "hw.memsize_usable",
    "vm.swapusage",
    "iogpu.wired_limit_mb",
    "debug.iogpu.wired_limit",
)
VM_STAT = ("/usr/bin/vm_stat",)
LEVEL = "kern.memorystatus_vm_pressure_level"
SAMPLE_SECONDS = 0.3
MEBIBYTE = 2**20
# Dispatch flags, not a scale (xnu bsd/sys/event_private.h); 0 and 3 never occur and would mean nothing.
_LEVELS = {1: PressureLevel.NORMAL, 2: PressureLevel.WARN, 4: PressureLevel.CRITICAL}
_NOT_ASKED = not_asked("swap traffic needs a second sample, which was not taken")
_NOT_DARWIN = not_applicable("this is not macOS")


def collect_memory(world: World, sample_seconds: float = SAMPLE_SECONDS) -> Memory:
    """Take one sample, wait `sample_seconds`, take another. With 0 there is one sample and no rate."""
    if world.uname.sysname == "Darwin":
        return _mac(world, sample_seconds)
    return _linux(world, sample_seconds)


def _mac(world: World, sample_seconds: float) -> Memory:
    start = world.clock()
    sysctl, sample = run_together(world, SYSCTL, VM_STAT)
    values = parse_sysctl(sysctl.stdout)
    pages = parse_vm_stat(sample.stdout) if sample.ok else None
    unknown: dict[str, Unknown] = {"stall_percent": _NOT_LINUX}
    facts: dict[str, Any] = {
        "total_bytes": _positive(integer(values, "hw.memsize")),
        "usable_bytes": _positive(integer(values, "hw.memsize_usable")),
    }
    for name, value in tuple(facts.items()):
        if value is None:
            wanted = "hw.memsize_usable" if name == "usable_bytes" else "hw.memsize"
            unknown[name] = why_not(sysctl, wanted)
    swap = parse_swapusage(values.get("vm.swapusage", ""))
    if swap is None:
        unknown["swap_used_bytes"] = unknown["swap_total_bytes"] = why_not(sysctl, "vm.swapusage")
    level = _LEVELS.get(integer(values, LEVEL) or 0)
    source = LEVEL if level else None
    if level is None:
        level, source = _derived_level(pages, facts["total_bytes"])
        if level is None:
            unknown["pressure"] = unknown["pressure_source"] = why_not(sysctl, LEVEL)
    wired = _wired_limit(values)
    if isinstance(wired, Unknown):
        unknown["wired_limit_bytes"] = wired
    if pages is None:
        unknown["pages"] = unknown["available_bytes"] = unknown["compressor_bytes"] = why_not(sample, "page counts")
    rates = _mac_rates(world, sample_seconds, pages, start)
    unknown |= rates.pop("unknown")
    return Memory(
        available_bytes=pages.available * pages.page_bytes if pages else None,
        compressor_bytes=pages.compressor * pages.page_bytes if pages else None,
        pressure=level,
        pressure_source=source,
        pages=pages,
        swap_used_bytes=swap.used if swap else None,
        swap_total_bytes=swap.total if swap else None,
        wired_limit_bytes=None if isinstance(wired, Unknown) else wired,
        unknown=unknown,
        **facts,
        **rates,
    )


_NOT_LINUX = not_applicable("this is not Linux")


def _positive(value: int | None) -> int | None:
    return value if value is not None and value > 0 else None


def _derived_level(pages: PageCounts | None, total_bytes: int | None) -> tuple[PressureLevel | None, str | None]:
    """The level by the kernel's own formula, for a sandbox that may not read it; `None` where the history decides.

    The kernel goes down at one ratio and comes back at another, so between the two the ratio alone does not tell.
    """
    if pages is None or (total_bytes is not None and total_bytes <= threshold("pressure-small-machine-bytes")):
        return None, None
    ratio = pages.pressure_ratio
    source = f"available / (available + compressor) = {ratio:.2f}"
    if ratio < threshold("pressure-ratio-critical"):
        return PressureLevel.CRITICAL, source
    if threshold("pressure-ratio-uncritical") < ratio < threshold("pressure-ratio-warn"):
        return PressureLevel.WARN, source
    if ratio > threshold("pressure-ratio-normal"):
        return PressureLevel.NORMAL, source
    return None, None


def _wired_limit(values: dict[str, str]) -> int | Unknown:
    for name in ("iogpu.wired_limit_mb", "debug.iogpu.wired_limit"):
        limit = integer(values, name)
        if limit is None:
            continue
        if limit <= 0:
            return not_applicable(f"{name} is 0: the system's own limit holds")
        if name == "iogpu.wired_limit_mb":
            return limit * MEBIBYTE
        # macOS 13 has only this name, and no document tells its unit.
        return Unknown(f"{name} is {limit}, in a unit that is not documented")
    return not_applicable("this system has no iogpu.wired_limit_mb")


def _mac_rates(world: World, sample_seconds: float, first: PageCounts | None, start: float) -> dict[str, Any]:
    if sample_seconds <= 0:
        return _no_rates(_NOT_ASKED)
    world.sleep(max(0.0, sample_seconds))
    (again,) = run_together(world, VM_STAT)
    seconds = world.clock() - start
    second = parse_vm_stat(again.stdout) if again.ok else None
    if first is None or second is None:
        return _no_rates(why_not(again, "page counts"))
    return _rates((first.swapins, first.swapouts), (second.swapins, second.swapouts), seconds)


def _no_rates(why: Unknown) -> dict[str, Any]:
    return {"unknown": dict.fromkeys(("swapins_per_second", "swapouts_per_second", "sample_seconds"), why)}


def _rates(
    first: tuple[int | None, int | None], second: tuple[int | None, int | None], seconds: float
) -> dict[str, Any]:
    if seconds <= 0:
        return _no_rates(Unknown("the clock did not move between the samples"))
    rates: dict[str, Any] = {"sample_seconds": seconds, "unknown": {}}
    for name, before, after in zip(("swapins_per_second", "swapouts_per_second"), first, second, strict=True):
        if before is None or after is None or after < before:
            rates["unknown"][name] = Unknown("the counters of the two samples do not go together")
        else:
            rates[name] = (after - before) / seconds
    return rates


def _linux(world: World, sample_seconds: float) -> Memory:
    unknown: dict[str, Unknown] = dict.fromkeys(("pages", "compressor_bytes", "wired_limit_bytes"), _NOT_DARWIN)
    start = world.clock()
    first = parse_proc_vmstat(read_text(world, "proc/vmstat") or "")
    sizes = parse_meminfo(read_text(world, "proc/meminfo") or "")
    total, available = _positive(sizes.get("MemTotal")), sizes.get("MemAvailable")
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
        rates = _no_rates(_NOT_ASKED)
    else:
        world.sleep(sample_seconds)
        second = parse_proc_vmstat(read_text(world, "proc/vmstat") or "")
        rates = _rates(
            (first.get("pswpin"), first.get("pswpout")),
            (second.get("pswpin"), second.get("pswpout")),
            world.clock() - start,
        )
    unknown |= rates.pop("unknown")
    return Memory(
        total_bytes=total,
        usable_bytes=usable,
        available_bytes=available,
        swap_total_bytes=swap_total,
        swap_used_bytes=swap_used,
        stall_percent=stall,
        pressure=_stall_level(stall) if stall is not None else None,
        pressure_source=f"PSI: some task waited for memory in {stall:.0f} % of the last 10 s"
        if stall is not None
        else None,
        unknown=unknown,
        **rates,
    )


def _stall_level(percent: float) -> PressureLevel:
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
