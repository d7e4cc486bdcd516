"""PERF001: the product is far below the chip's peak."""

from __future__ import annotations

from dataclasses import replace

import benches
from judged import judged
from m1doctor.checks.perf.perf001_slow_matmul import CHECK
from m1doctor.model.bench import Bench
from m1doctor.model.power import Power
from m1doctor.model.report import SkipKind, Status


def test_a_fifth_of_the_peak_is_a_warning_with_the_sum_that_it_is_a_share_of() -> None:
    result = judged(CHECK, benches.measured(matmul=benches.matmul(0.2)))
    assert result.status is Status.WARNING
    assert result.summary == (
        "The best 2048 x 2048 float32 product reaches 1.06 TFLOP/s, 20% of this chip's peak of 5.31 TFLOP/s."
    )
    evidence = result.findings[0].evidence
    assert evidence[0] == "peak: 16 cores x 128 ALUs x 2 x 1.296 GHz (clock read on this machine)"
    assert evidence[2].startswith("4 products: ")


def test_a_third_of_the_peak_is_a_note() -> None:
    assert judged(CHECK, benches.measured(matmul=benches.matmul(0.35))).status is Status.NOTE


def test_a_healthy_share_passes_with_its_figure() -> None:
    result = judged(CHECK, benches.measured())
    assert result.status is Status.PASS
    assert result.summary == "A 2048 x 2048 product reaches 3.72 TFLOP/s, 70% of the chip's peak."


def test_low_power_mode_is_told_first() -> None:
    facts = benches.measured(matmul=benches.matmul(0.2), power=Power(low_power_mode=True))
    remedy = judged(CHECK, facts).findings[0].remedy
    assert remedy is not None
    assert remedy.steps[0].text == "Switch low power mode off. (low power mode is on)"


def test_an_unknown_chip_is_not_judged_and_not_guessed() -> None:
    host = replace(benches.M1_PRO, chip="Apple M9")
    load = replace(benches.load(), gpu_clock_hz=None)
    result = judged(CHECK, benches.measured(matmul=benches.matmul(0.01), host=host, load=load))
    assert result.skip is SkipKind.NOT_APPLICABLE
    assert result.reason == "Apple M9 is unknown, and the machine does not tell its clock"


def test_a_machine_that_tells_its_clock_is_judged_whatever_it_is_called() -> None:
    host = replace(benches.M1_PRO, chip="Apple M9")
    assert judged(CHECK, benches.measured(matmul=benches.matmul(0.1), host=host)).status is Status.WARNING


def test_the_cpu_and_a_virtual_machine_are_not_judged() -> None:
    assert judged(CHECK, benches.on_cpu()).skip is SkipKind.NOT_APPLICABLE
    host = replace(benches.M1_PRO, virtual_machine=True)
    assert judged(CHECK, benches.measured(matmul=benches.matmul(0.01), host=host)).skip is SkipKind.NOT_APPLICABLE


def test_unknown_is_not_a_pass() -> None:
    assert judged(CHECK, replace(benches.measured(), bench=Bench())).skip is SkipKind.UNKNOWN
