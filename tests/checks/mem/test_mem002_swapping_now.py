"""MEM002: swap traffic while the benchmark runs."""

from __future__ import annotations

from dataclasses import replace

import benches
from judged import judged
from m1doctor.checks.mem.mem002_swapping_now import CHECK
from m1doctor.model.bench import Bench
from m1doctor.model.load import Load
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import Unknown


def test_a_thousand_pages_a_second_are_a_warning() -> None:
    result = judged(CHECK, benches.measured(load=benches.load(swapped=5000)))
    assert result.status is Status.WARNING
    assert result.summary == "While the benchmark ran, 1000 pages a second moved to and from swap."
    assert result.findings[0].evidence == (
        "5000 pages in 5.0 s, in 11 samples",
        "memory pressure meanwhile: normal",
    )


def test_swap_that_was_used_before_and_is_left_alone_passes() -> None:
    assert judged(CHECK, benches.measured()).status is Status.PASS
    assert judged(CHECK, benches.measured(load=benches.load(swapped=100))).status is Status.PASS


def test_counters_that_cannot_be_read_are_not_a_pass() -> None:
    load = Load(unknown={"swapouts": Unknown("the system did not say while the work ran")})
    result = judged(CHECK, benches.measured(load=load))
    assert (result.skip, result.reason) == (SkipKind.UNKNOWN, "the system did not say while the work ran")
    assert judged(CHECK, benches.measured(load=Load())).skip is SkipKind.UNKNOWN
    assert judged(CHECK, replace(benches.measured(), bench=Bench())).skip is SkipKind.UNKNOWN
