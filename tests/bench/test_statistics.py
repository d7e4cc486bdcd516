"""Medians and their intervals."""

from __future__ import annotations

import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from m1doctor.bench.statistics import Estimate, Side, estimate, median, ratio, side

SAMPLES = st.lists(st.floats(1e-6, 1e3), min_size=1, max_size=40)


@given(SAMPLES)
def test_the_median_is_that_of_pythons_own_module(samples: list[float]) -> None:
    assert median(samples) == statistics.median(samples)


@given(SAMPLES)
def test_the_interval_holds_the_median_and_lies_within_the_samples(samples: list[float]) -> None:
    known = estimate(samples)
    assert known is not None
    assert min(samples) <= known.low <= known.value <= known.high <= max(samples)
    assert known.samples == len(samples)


@given(SAMPLES, st.randoms())
def test_the_order_of_the_samples_does_not_matter(samples: list[float], shuffler: random.Random) -> None:
    other = list(samples)
    shuffler.shuffle(other)
    assert estimate(other) == estimate(samples)


@pytest.mark.parametrize("count", [5, 9, 15, 31])
def test_the_closed_form_is_what_drawing_resamples_converges_to(count: int) -> None:
    generator = random.Random(count)  # noqa: S311 - a repeatable draw, no secret
    samples = [generator.lognormvariate(0, 0.3) for _ in range(count)]
    drawn = sorted(statistics.median(generator.choices(samples, k=count)) for _ in range(20_000))
    known = estimate(samples)
    assert known is not None
    ordered = sorted(samples)
    for found, exact in ((drawn[500], known.low), (drawn[19_500], known.high)):
        assert abs(ordered.index(found) - ordered.index(exact)) <= 1


def test_more_samples_make_a_narrower_interval() -> None:
    few, many = estimate([1.0, 2.0, 3.0, 4.0, 5.0]), estimate([1.0, 2.0, 3.0, 4.0, 5.0] * 9)
    assert few is not None
    assert many is not None
    assert (few.low, few.high) == (1.0, 5.0)
    assert (many.low, many.high) == (2.0, 4.0)


def test_ratios_are_taken_pair_by_pair() -> None:
    # A neighbour who halves the speed of one round hits both of its pair: the ratio does not see him.
    known = ratio([2.0, 4.0, 2.0, 2.0, 4.0], [1.0, 2.0, 1.0, 1.0, 2.0])
    assert known == Estimate(value=2.0, low=2.0, high=2.0, samples=5)
    assert ratio([], []) is None


@pytest.mark.parametrize(
    ("low", "high", "where"), [(0.1, 0.2, Side.BELOW), (0.6, 0.9, Side.ABOVE), (0.4, 0.6, Side.UNSURE)]
)
def test_an_interval_across_the_line_is_on_neither_side(low: float, high: float, where: Side) -> None:
    assert side(Estimate(value=(low + high) / 2, low=low, high=high, samples=5), 0.5) is where
