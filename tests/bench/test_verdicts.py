"""What holds the work back, in plain words."""

from __future__ import annotations

from dataclasses import replace

import benches
from m1doctor.bench.verdicts import Holding, LoadVerdict, verdicts
from m1doctor.model.facts import Facts
from m1doctor.model.load import Load
from m1doctor.model.power import Power, ThermalPressure


def only(facts: Facts) -> LoadVerdict:
    (verdict,) = verdicts(facts)
    return verdict


def test_a_healthy_gpu_is_compute_bound_and_says_how_fast() -> None:
    verdict = only(benches.measured())
    assert (verdict.holding, verdict.sure) == (Holding.COMPUTE_BOUND, True)
    assert verdict.figure == "3.72 TFLOP/s, 70% of the chip's peak"


def test_each_cause_is_named_as_itself() -> None:
    assert only(benches.measured(input=benches.fed(0.4))).holding is Holding.INPUT_BOUND
    assert only(benches.measured(sweep=benches.sweep(0.8))).holding is Holding.LAUNCH_BOUND
    assert only(benches.measured(sweep=benches.sweep(0.0, beyond=1.6))).holding is Holding.SHORT_OF_MEMORY
    assert only(benches.measured(load=benches.load(swapped=9000))).holding is Holding.SHORT_OF_MEMORY
    assert only(benches.measured(matmul=benches.matmul(exhausted="OOM"))).holding is Holding.SHORT_OF_MEMORY
    assert only(benches.measured(matmul=benches.matmul(0.1))).holding is Holding.SLOW


def test_heat_and_low_power_mode_are_told_beside_what_they_cause() -> None:
    hot = verdicts(benches.measured(load=benches.load(thermal=ThermalPressure.HEAVY), matmul=benches.matmul(0.2)))
    assert [each.holding for each in hot] == [Holding.THROTTLED, Holding.SLOW]
    assert hot[0].figure == "thermal pressure heavy while it ran"
    low = only(benches.measured(power=Power(low_power_mode=True)))
    assert (low.holding, low.change) == (Holding.THROTTLED, "Switch low power mode off.")


def test_the_cpu_gets_a_verdict_of_its_own_and_no_other() -> None:
    verdict = only(benches.on_cpu())
    assert (verdict.holding, verdict.change) == (Holding.ON_CPU, "")
    assert verdict.figure == "53 GFLOP/s in float32 products of size 2048"


def test_an_interval_across_the_line_is_unsure_and_leaves_the_healthy_verdict() -> None:
    sweep = benches.sweep(0.5)
    noisy = (1.0, 1.3, 0.8, 1.2, 0.9, 1.1, 1.0)
    runs = (*sweep.runs[:-1], replace(sweep.runs[-1], seconds=benches.times(0.025, noise=noisy)))
    found = verdicts(benches.measured(sweep=replace(sweep, runs=runs)))
    assert [(each.holding, each.sure) for each in found] == [
        (Holding.COMPUTE_BOUND, True),
        (Holding.LAUNCH_BOUND, False),
    ]


def test_nothing_is_said_of_what_was_not_measured() -> None:
    assert verdicts(Facts()) == ()
    assert verdicts(replace(benches.measured(), bench=None)) == ()


def test_the_share_of_the_gpu_is_counted_for_each_part() -> None:
    load = benches.load(gpu=0.9)
    share = load.gpu_share("matmul")
    assert share is not None
    assert abs(share - 0.9) < 0.01
    assert load.gpu_share("input") is None
    assert Load().swapped_pages() is None
