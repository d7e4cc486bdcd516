"""MEM001: the level of the kernel."""

from __future__ import annotations

import pytest

from judged import judged
from m1doctor.checks.mem.mem001_memory_pressure import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.memory import Memory, PageCounts, PressureLevel
from m1doctor.model.report import SkipKind, Status

PAGES = PageCounts(
    page_bytes=16384, free=1000, active=80000, inactive=80000, speculative=1000, wired=60000, compressor=220000
)


@pytest.mark.parametrize(
    ("level", "status"),
    [
        (PressureLevel.NORMAL, Status.PASS),
        (PressureLevel.WARN, Status.WARNING),
        (PressureLevel.CRITICAL, Status.ERROR),
    ],
)
def test_the_kernels_word_decides_and_nothing_else(level: PressureLevel, status: Status) -> None:
    memory = Memory(pressure=level, pages=PAGES, total_bytes=8 * 2**30, swap_used_bytes=7 * 2**30)
    assert judged(CHECK, Facts(memory=memory)).status is status


def test_the_numbers_behind_it_are_the_evidence() -> None:
    memory = Memory(
        pressure=PressureLevel.WARN,
        pressure_source="kern.memorystatus_vm_pressure_level",
        pages=PAGES,
        total_bytes=8 * 2**30,
        available_bytes=162000 * 16384,
        compressor_bytes=220000 * 16384,
        swap_used_bytes=5 * 2**30,
    )
    result = judged(CHECK, Facts(memory=memory))
    assert result.summary.startswith("Memory of 8.0 GB is short (warn)")
    assert result.findings[0].evidence == (
        "level warn (kern.memorystatus_vm_pressure_level)",
        "available / (available + compressor) = 0.42",
        "available 2.5 GB",
        "compressor 3.4 GB",
        "swap used 5.0 GB",
    )


def test_an_unknown_level_is_not_a_pass() -> None:
    assert judged(CHECK, Facts(memory=Memory(pages=PAGES))).skip is SkipKind.UNKNOWN
