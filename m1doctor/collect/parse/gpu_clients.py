"""Reads `ioreg -r -c IOAccelerator -l -w 0 -d 3`: how long the GPU has worked for each process.

Each Metal client of a process is a node of its own below the accelerator. Its `AppUsage` holds nanoseconds that only
grow, and its `IOUserClientCreator` says whose it is; the two stand on different lines of one block, the usage first.
"""

from __future__ import annotations

import re

_NODE = re.compile(r"^[ |]*\+-o ", re.MULTILINE)
_CREATOR = re.compile(r'"IOUserClientCreator" = "pid (\d{1,9}), ')
_NANOSECONDS = re.compile(r'"accumulatedGPUTime"=(\d{1,19})(?=[,}])')

_STATISTICS = re.compile(r'^[ |]*"PerformanceStatistics" = \{(.*)\}\s*$', re.MULTILINE)
_BUSY = re.compile(r'"Device Utilization %"=(\d{1,3})(?=,|$)')


def parse_gpu_clients(text: str) -> dict[int, int] | None:
    """Nanoseconds of GPU time by process, over all clients of each; `None` where no client counts at all.

    A paravirtual GPU has clients without such a counter: that is unknown, and not zero.
    """
    found: dict[int, int] = {}
    counted = False
    for block in _NODE.split(text)[1:]:
        creator = _CREATOR.search(block)
        numbers = [int(number) for number in _NANOSECONDS.findall(block)]
        counted = counted or bool(numbers)
        if creator is not None and numbers:
            pid = int(creator[1])
            found[pid] = found.get(pid, 0) + sum(numbers)
    return found if counted else None


def parse_gpu_busy(text: str) -> int | None:
    """The driver's own gauge in percent, of all processes; `None` where it has none, as in a virtual machine."""
    busy = next((found for line in _STATISTICS.findall(text) if (found := _BUSY.search(line)) is not None), None)
    return min(int(busy[1]), 100) if busy is not None else None
