"""Rates from two samples."""

from __future__ import annotations

from m1doctor.collect.swap_traffic import NOT_ASKED, no_rates, rates
from m1doctor.model.unknown import UnknownKind


def test_the_difference_is_divided_by_the_time() -> None:
    found = rates((100, 200), (150, 1200), 0.5)
    assert (found["swapins_per_second"], found["swapouts_per_second"], found["sample_seconds"]) == (100.0, 2000.0, 0.5)
    assert found["unknown"] == {}


def test_counters_that_do_not_go_together_give_a_reason_and_no_rate() -> None:
    found = rates((100, None), (50, 10), 0.5)
    assert "swapins_per_second" not in found
    assert "swapouts_per_second" not in found
    assert set(found["unknown"]) == {"swapins_per_second", "swapouts_per_second"}


def test_a_clock_that_stands_still_gives_no_rate() -> None:
    assert set(rates((1, 1), (2, 2), 0.0)["unknown"]) >= {"swapins_per_second", "swapouts_per_second"}


def test_a_sample_that_was_not_asked_for_is_told_as_such() -> None:
    kinds = {why.kind for why in no_rates(NOT_ASKED)["unknown"].values()}
    assert kinds == {UnknownKind.NOT_ASKED}
