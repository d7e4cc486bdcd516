"""The figures of a benchmark."""

from __future__ import annotations

from dataclasses import replace

import pytest

import benches
from m1doctor.bench.figures import (
    best_speed,
    eager_factor,
    filling_batch,
    fixed_share,
    growth_beyond_proportion,
    median_speed,
    product_of,
    seconds_a_launch,
    slowdown,
    slowest_stage,
    speeds,
    waiting_share,
)
from m1doctor.model.bench import BatchRun, Bench, Sweep


def test_speed_is_that_of_the_best_and_of_the_median_chain() -> None:
    run = product_of(benches.matmul(0.7))
    assert run is not None
    assert best_speed(run) == pytest.approx(0.7 * benches.PEAK)
    assert median_speed(run) == pytest.approx(0.7 * benches.PEAK)
    assert product_of(benches.matmul(), "float16") is None


@pytest.mark.parametrize("fixed", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_the_share_that_does_not_grow_is_found_again(fixed: float) -> None:
    share = fixed_share(benches.sweep(fixed))
    assert share is not None
    assert share.value == pytest.approx(fixed, abs=1e-9)


def test_a_step_that_takes_more_than_its_proportion_has_no_fixed_share_below_zero() -> None:
    share = fixed_share(benches.sweep(0.0, beyond=1.5))
    assert share is not None
    assert share.value == 0.0
    growth = growth_beyond_proportion(benches.sweep(0.0, beyond=1.5))
    assert growth is not None
    assert growth.value == pytest.approx(1.5)


def test_one_batch_size_says_nothing_of_growth() -> None:
    alone = Sweep(device="GPU:0", width=8, layers=1, runs=(BatchRun(batch=8, seconds=(0.1,)),))
    assert fixed_share(alone) is None
    assert growth_beyond_proportion(alone) is None
    assert filling_batch(alone) is None


def test_the_batch_that_fills_the_device_is_where_half_of_the_step_is_work() -> None:
    assert filling_batch(benches.sweep(0.5)) == pytest.approx(64)
    assert filling_batch(benches.sweep(0.9)) == pytest.approx(576)
    assert filling_batch(benches.sweep(1.0)) is None


def test_the_price_of_a_launch() -> None:
    assert seconds_a_launch(benches.launch(30e-6)) == pytest.approx(30e-6, rel=0.02)
    factor = eager_factor(benches.launch(eager=3.0))
    assert factor is not None
    assert factor.value == pytest.approx(3.0)
    assert seconds_a_launch(replace(benches.launch(), graph_seconds=())) is None


def test_waiting_and_slowdown() -> None:
    waiting, naive = waiting_share(benches.fed(0.3)), slowdown(benches.fed(), "naive", "good")
    assert waiting is not None
    assert waiting.value == pytest.approx(0.3)
    assert naive is not None
    assert naive.value == pytest.approx(0.12 / 0.045 / 1.05)
    assert waiting_share(benches.fed(), "cached") is None
    assert slowdown(benches.fed(), "cached") is None


def test_the_slowest_stage_is_the_one_that_was_busy_longest() -> None:
    assert slowest_stage(benches.fed()) == ("MapAndBatch", pytest.approx(0.9))
    assert slowest_stage(replace(benches.fed(), stages=())) is None


def test_the_figures_that_later_runs_are_compared_by_have_their_names() -> None:
    assert set(speeds(benches.bench())) == {"float32 products (FLOP/s)", "launches (ops/s)"}
    assert speeds(Bench()) == {}
