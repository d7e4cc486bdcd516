"""A process and all processes below it: processor time and memory, from /proc or from `ps`."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from m1doctor.collect.files import read_text
from m1doctor.collect.world import World
from m1doctor.model.record import record

PS = ("/bin/ps", "-A", "-o", "pid=", "-o", "ppid=", "-o", "rss=", "-o", "time=")
_PS_LINE = re.compile(r"^\s*(\d{1,9})\s+(\d{1,9})\s+(\d{1,15})\s+(?:(\d+)-)?([\d:.]+)\s*$", re.MULTILINE)
_KIBIBYTE = 1024


@record(frozen=True, slots=True)
class Usage:
    """What one process has used so far."""

    parent: int
    cpu_seconds: float
    resident_bytes: int


@record(frozen=True, slots=True)
class TreeUsage:
    """What a process and all below it use."""

    pids: frozenset[int]
    cpu_seconds: Mapping[int, float]
    """By process: a process that ends takes its time along, so differences are made per process."""
    resident_bytes: int


def measure_tree(world: World, root: int) -> TreeUsage | None:
    """Ask the system about `root` and its descendants; `None` where it is gone."""
    table = _from_ps(world) if world.uname.sysname == "Darwin" else _from_proc(world)
    if root not in table:
        return None
    pids = {root}
    children: dict[int, list[int]] = {}
    for pid, usage in table.items():
        children.setdefault(usage.parent, []).append(pid)
    waiting = [root]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in pids:
                pids.add(child)
                waiting.append(child)
    return TreeUsage(
        frozenset(pids),
        {pid: table[pid].cpu_seconds for pid in pids},
        sum(table[pid].resident_bytes for pid in pids),
    )


def cpu_between(before: TreeUsage, after: TreeUsage) -> float:
    """Processor seconds of the tree between two measurements."""
    return sum(max(0.0, seconds - before.cpu_seconds.get(pid, 0.0)) for pid, seconds in after.cpu_seconds.items())


def parse_ps(text: str) -> dict[int, Usage]:
    """Read `PS`: memory in KiB, time as ``[days-][hours:]minutes:seconds``; lines of another shape are passed over."""
    table = {}
    for match in _PS_LINE.finditer(text):
        seconds = _clock_seconds(match[5])
        if seconds is not None:
            days = int(match[4] or 0)
            table[int(match[1])] = Usage(int(match[2]), days * 86400 + seconds, int(match[3]) * _KIBIBYTE)
    return table


def _clock_seconds(text: str) -> float | None:
    seconds = 0.0
    try:
        for part in text.split(":"):
            seconds = seconds * 60 + float(part)
    except ValueError:
        return None
    return seconds


def parse_stat(text: str, ticks: int, page_bytes: int) -> Usage | None:
    """Read `/proc/PID/stat`: the name in parentheses may hold anything, so the fields are counted from its end."""
    fields = text.rpartition(")")[2].split()
    try:
        return Usage(
            parent=int(fields[1]),
            cpu_seconds=(int(fields[11]) + int(fields[12])) / ticks,
            resident_bytes=int(fields[21]) * page_bytes,
        )
    except (IndexError, ValueError):
        return None


def _from_ps(world: World) -> dict[int, Usage]:
    return parse_ps(world.run(PS).stdout)


def _from_proc(world: World) -> dict[int, Usage]:
    ticks, page_bytes = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
    table = {}
    try:
        names = os.listdir(world.root / "proc")  # noqa: PTH208 - hundreds of names, once a second
    except OSError:
        return {}
    for name in names:
        if name.isdecimal():
            usage = parse_stat(read_text(world, f"proc/{name}/stat") or "", ticks, page_bytes)
            if usage is not None:
                table[int(name)] = usage
    return table
