"""PERF004: slower than this machine's own earlier runs."""

from __future__ import annotations

from dataclasses import replace

import benches
from judged import judged
from m1doctor.checks.perf.perf004_slower_than_before import CHECK
from m1doctor.model.earlier import Earlier
from m1doctor.model.report import SkipKind, Status


def test_half_the_speed_of_before_is_a_warning_that_names_the_earlier_runs() -> None:
    result = judged(CHECK, benches.measured(matmul=benches.matmul(0.35), earlier=benches.earlier()))
    assert result.status is Status.WARNING
    assert result.summary == (
        "The figure for float32 products (FLOP/s) is 50% of what it was in 3 earlier runs (history)."
    )
    assert "2026-11-25T12:00:00Z: 3.716e+12 (TensorFlow 2.18.1)" in result.findings[0].evidence


def test_the_speed_of_before_passes() -> None:
    assert judged(CHECK, benches.measured(earlier=benches.earlier())).status is Status.PASS
    assert judged(CHECK, benches.measured(matmul=benches.matmul(0.6), earlier=benches.earlier())).status is Status.PASS


def test_runs_on_another_device_are_not_compared_with() -> None:
    result = judged(CHECK, benches.measured(earlier=benches.earlier(device="CPU:0")))
    assert (result.skip, result.reason) == (
        SkipKind.NOT_APPLICABLE,
        "there is no earlier run on this device to compare with",
    )
    assert judged(CHECK, benches.measured(earlier=Earlier(source="history"))).skip is SkipKind.NOT_APPLICABLE


def test_earlier_runs_that_were_not_looked_up_are_not_a_pass() -> None:
    result = judged(CHECK, replace(benches.measured(), earlier=None))
    assert (result.skip, result.reason) == (SkipKind.NOT_ASKED, "earlier runs were not looked up")
