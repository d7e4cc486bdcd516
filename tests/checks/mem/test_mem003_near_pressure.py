"""MEM003: close to the kernel's line."""

from __future__ import annotations

import pytest

from judged import judged
from m1doctor.checks.mem.mem003_near_pressure import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.memory import Memory, PageCounts, PressureLevel
from m1doctor.model.report import Result, SkipKind, Status


def result_of(available: int, compressor: int, level: PressureLevel | None = PressureLevel.NORMAL) -> Result:
    pages = PageCounts(
        page_bytes=16384, free=0, active=available, inactive=0, speculative=0, wired=1000, compressor=compressor
    )
    return judged(CHECK, Facts(memory=Memory(pages=pages, pressure=level)))


@pytest.mark.parametrize(
    ("available", "compressor", "status"),
    [
        (60, 40, Status.PASS),
        (59, 41, Status.NOTE),
        (51, 49, Status.NOTE),
        (100, 0, Status.PASS),
        (400, 10, Status.PASS),
    ],
)
def test_the_line_is_the_one_where_the_kernel_comes_back_to_normal(
    available: int, compressor: int, status: Status
) -> None:
    assert result_of(available, compressor).status is status


def test_the_share_is_told_with_the_line() -> None:
    assert "a share of 0.55 where it warns below 0.50" in result_of(55, 45).summary


def test_once_the_kernel_warns_this_is_no_news() -> None:
    assert result_of(45, 55, PressureLevel.WARN).findings == ()
    assert "MEM001" in CHECK.after


def test_unknown_is_not_a_pass() -> None:
    assert result_of(55, 45, None).skip is SkipKind.UNKNOWN
    assert judged(CHECK, Facts(memory=Memory(pressure=PressureLevel.NORMAL))).skip is SkipKind.UNKNOWN
