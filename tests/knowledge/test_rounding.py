"""Chips whose GPU rounds more than others."""

from __future__ import annotations

from datetime import date

import pytest

from m1doctor.knowledge.parts import parts
from m1doctor.knowledge.rounding import for_chip, leeways


def _factors(chip: str | None) -> dict[str, dict[str, float]]:
    return {part.name: part.options["factor"] for part in for_chip(parts(), chip) if "factor" in part.options}


@pytest.mark.parametrize("chip", [None, "Apple M1", "Apple M4 Max", "Intel(R) Core(TM) i9", "Apple M55"])
def test_most_chips_round_as_the_type_says(chip: str | None) -> None:
    assert for_chip(parts(), chip) == parts()


@pytest.mark.parametrize("chip", ["Apple M5", "Apple M5 Max"])
def test_an_m5_may_be_off_further_in_products_of_float32_alone(chip: str) -> None:
    usual, here = _factors(None), _factors(chip)
    assert here["product"]["float32"] > 100 * usual["product"]["float32"]
    assert here["product"]["float16"] == usual["product"]["float16"]
    assert here["reduction"] == usual["reduction"]


def test_what_was_seen_on_an_m5_is_rounding_and_an_answer_off_by_tens_is_not() -> None:
    # 0.052 with 256 terms and values up to about 70 (mlx#3534); the faulty Dense layer with 2048 inputs is off by tens.
    factor = _factors("Apple M5")["dense"]["float32"]
    assert 0.052 < factor * 256**0.5 * 2.0**-23 * 70 < 1
    assert factor * 2048**0.5 * 2.0**-23 * 210 < 10


def test_each_leeway_says_why_and_names_parts_and_types_that_there_are() -> None:
    factors = _factors(None)
    for leeway in leeways():
        assert all(leeway.dtype in factors[part] for part in leeway.parts)
        assert leeway.what
        assert leeway.source
        assert leeway.url.startswith("https://")
        assert date.fromisoformat(leeway.date)
