"""Memory of a Linux machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from m1doctor.collect.memory import collect_memory
from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.world import Uname
from m1doctor.model.memory import PressureLevel
from m1doctor.model.unknown import UnknownKind

GIB = 2**30


def linux(root: Path, **files: str) -> RecordedWorld:
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return RecordedWorld(uname=Uname("Linux", "6", "#1", "x86_64"), root=root)


MEMINFO = "MemTotal: 16000000 kB\nMemAvailable: 9000000 kB\nSwapTotal: 2000000 kB\nSwapFree: 1500000 kB\n"


def test_a_linux_machine_is_read_from_its_files(tmp_path: Path) -> None:
    world = linux(
        tmp_path,
        proc__meminfo=MEMINFO,
        proc__vmstat="pswpin 10\npswpout 20\n",
        proc__pressure__memory="some avg10=3.50 avg60=0.00 avg300=0.00 total=0\n",
    )
    memory = collect_memory(world, 0.5)
    assert (memory.total_bytes, memory.available_bytes) == (16000000 * 1024, 9000000 * 1024)
    assert memory.usable_bytes == memory.total_bytes
    assert memory.swap_used_bytes == 500000 * 1024
    assert (memory.stall_percent, memory.pressure) == (3.5, PressureLevel.NORMAL)
    assert (memory.swapins_per_second, memory.swapouts_per_second) == (0.0, 0.0)
    assert memory.unknown["pages"].kind is UnknownKind.NOT_APPLICABLE


@pytest.mark.parametrize(("percent", "level"), [(0.0, "normal"), (19.9, "normal"), (20.0, "warn"), (75.0, "critical")])
def test_linux_is_judged_by_the_time_that_tasks_wait(percent: float, level: str, tmp_path: Path) -> None:
    text = f"some avg10={percent:.2f} avg60=0.00 avg300=0.00 total=0\n"
    assert collect_memory(linux(tmp_path, proc__pressure__memory=text), 0).pressure == level


def test_a_kernel_without_that_measure_leaves_the_level_unknown(tmp_path: Path) -> None:
    memory = collect_memory(linux(tmp_path, proc__meminfo=MEMINFO), 0)
    assert memory.pressure is None
    assert memory.unknown["pressure"].kind is UnknownKind.UNAVAILABLE


def test_the_limit_of_a_container_is_what_is_usable(tmp_path: Path) -> None:
    world = linux(
        tmp_path,
        proc__meminfo=MEMINFO,
        **{"sys__fs__cgroup__memory.max": "4294967296\n", "sys__fs__cgroup__memory.current": "1073741824\n"},
    )
    memory = collect_memory(world, 0)
    assert (memory.usable_bytes, memory.available_bytes) == (4 * GIB, 3 * GIB)
    unlimited = linux(tmp_path, **{"sys__fs__cgroup__memory.max": "max\n"})
    assert collect_memory(unlimited, 0).usable_bytes == 16000000 * 1024
