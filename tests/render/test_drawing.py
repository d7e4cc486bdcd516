"""Bars and sparklines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from m1doctor.render.drawing import bar, sparkline


def test_a_bar_is_filled_by_its_share() -> None:
    assert bar(0.5, 8) == "████░░░░"
    assert bar(0.0, 4) == "░░░░"
    assert bar(0.001, 4) == "█░░░"
    assert bar(1.4, 4) == "████"


def test_a_sparkline_stands_on_zero_and_shows_the_newest() -> None:
    assert sparkline([1.0, 0.5, 0.0], 8) == "█▅▁"
    assert sparkline([9.0, 1.0, 1.0], 2) == "██"
    assert sparkline([], 8) == ""
    assert sparkline([0.0, 0.0], 8) == ""


@given(st.lists(st.floats(0, 1e6), max_size=60), st.integers(1, 40))
def test_a_sparkline_is_never_wider_than_its_place(samples: list[float], width: int) -> None:
    assert len(sparkline(samples, width)) <= width
