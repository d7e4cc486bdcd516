"""Memory of a Mac: sysctl and vm_stat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from m1doctor.collect.parse.swapusage import parse_swapusage
from m1doctor.collect.parse.sysctl import integer, parse_sysctl
from m1doctor.collect.parse.vm_stat import parse_vm_stat
from m1doctor.collect.readings import run_together, why_not
from m1doctor.collect.swap_traffic import NOT_ASKED, no_rates, rates
from m1doctor.collect.world import World
from m1doctor.knowledge.thresholds import threshold
from m1doctor.model.memory import Memory, PageCounts, PressureLevel
from m1doctor.model.reading import Reading
from m1doctor.model.unknown import Unknown, not_applicable

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
MEBIBYTE = 2**20
# Dispatch flags, not a scale (xnu bsd/sys/event_private.h); 0 and 3 never occur and would mean nothing.
LEVELS = {1: PressureLevel.NORMAL, 2: PressureLevel.WARN, 4: PressureLevel.CRITICAL}
_NOT_LINUX = not_applicable("this is not Linux")


def measure_mac(world: World, sample_seconds: float) -> Memory:
    """Ask sysctl and vm_stat side by side, then vm_stat again."""
    start = world.clock()
    sysctl, sample = run_together(world, SYSCTL, VM_STAT)
    return memory_told(sysctl, sample, _traffic(world, sample_seconds, sample, start))


def memory_told(sysctl: Reading, sample: Reading, traffic: Mapping[str, Any] | None = None) -> Memory:
    """What `SYSCTL` and `VM_STAT` told, with the fields of swap traffic where a second sample was taken."""
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
    level = LEVELS.get(integer(values, LEVEL) or 0)
    source = LEVEL if level else None
    if level is None:
        level, source = _derived_level(pages, facts["total_bytes"])
        if level is None:
            said = Unknown(f"{LEVEL} is {values[LEVEL]}, which is no level") if LEVEL in values else None
            unknown["pressure"] = unknown["pressure_source"] = said or why_not(sysctl, LEVEL)
    wired = _wired_limit(sysctl, values)
    if isinstance(wired, Unknown):
        unknown["wired_limit_bytes"] = wired
    if pages is None:
        unknown["pages"] = unknown["available_bytes"] = unknown["compressor_bytes"] = why_not(sample, "page counts")
    rate = dict(traffic if traffic is not None else no_rates(NOT_ASKED))
    unknown |= rate.pop("unknown")
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
        **rate,
    )


def _positive(value: int | None) -> int | None:
    return value if value is not None and value > 0 else None


def _derived_level(pages: PageCounts | None, total_bytes: int | None) -> tuple[PressureLevel | None, str | None]:
    """The level by the kernel's own formula, for a sandbox that may not read it; `None` where the history decides.

    The kernel goes down at one ratio and comes back at another, so between the two the ratio alone does not tell.
    """
    if pages is None or pages.available + pages.compressor == 0:
        return None, None
    if total_bytes is not None and total_bytes <= threshold("pressure-small-machine-bytes"):
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


def _wired_limit(sysctl: Reading, values: dict[str, str]) -> int | Unknown:
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
    if "iogpu.wired_limit_mb" in sysctl.stderr:  # unknown oid 'iogpu.wired_limit_mb'
        return not_applicable("this system has no iogpu.wired_limit_mb")
    return why_not(sysctl, "iogpu.wired_limit_mb")


def _traffic(world: World, sample_seconds: float, sample: Reading, start: float) -> dict[str, Any]:
    if sample_seconds <= 0:
        return no_rates(NOT_ASKED)
    first = parse_vm_stat(sample.stdout) if sample.ok else None
    world.sleep(max(0.0, sample_seconds))
    (again,) = run_together(world, VM_STAT)
    seconds = world.clock() - start
    second = parse_vm_stat(again.stdout) if again.ok else None
    if first is None or second is None:
        return no_rates(why_not(again, "page counts"))
    return rates((first.swapins, first.swapouts), (second.swapins, second.swapouts), seconds)
