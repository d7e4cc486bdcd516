"""Medians with an interval: of two medians that are compared, the pairs are compared and not the medians.

The interval is that of the bootstrap. For a median of an odd number of draws the distribution over all resamples is
known in closed form (the k-th smallest sample is at or above the median of a resample when more than half of the draws
fall on the k smallest), so that nothing is drawn, and the same samples always give the same interval.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum

from m1doctor.model.record import record

CONFIDENCE = 0.95
LEAST_SAMPLES = 5
"""Of fewer, the interval says next to nothing."""


@record(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A median with its interval."""

    value: float
    low: float
    high: float
    samples: int


class Side(StrEnum):
    """On which side of a line an estimate lies."""

    BELOW = "below"
    ABOVE = "above"
    UNSURE = "unsure"
    """The interval crosses the line."""


def median(samples: Sequence[float]) -> float:
    """The middle one, or the mean of the two in the middle. The module of Python's is slow to import."""
    ordered = sorted(samples)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def estimate(samples: Sequence[float], confidence: float = CONFIDENCE) -> Estimate | None:
    """The median of `samples` and its bootstrap interval; `None` without samples."""
    if not samples:
        return None
    ordered = sorted(samples)
    tail = (1 - confidence) / 2
    reached = [_share_at_or_below(rank, len(ordered)) for rank in range(1, len(ordered) + 1)]
    low = next(value for value, share in zip(ordered, reached, strict=True) if share >= tail)
    high = next(value for value, share in zip(ordered, reached, strict=True) if share >= 1 - tail)
    return Estimate(value=median(ordered), low=low, high=high, samples=len(ordered))


def ratio(of: Sequence[float], to: Sequence[float]) -> Estimate | None:
    """The median of the ratios of pairs, each taken in one round; rounds without a partner are left out."""
    return estimate([one / other for one, other in zip(of, to, strict=False) if other > 0])


def side(known: Estimate, line: float) -> Side:
    """On which side of `line` the whole interval lies; of too few samples none is believed."""
    if known.samples < LEAST_SAMPLES:
        return Side.UNSURE
    if known.high < line:
        return Side.BELOW
    return Side.ABOVE if known.low > line else Side.UNSURE


def _share_at_or_below(rank: int, count: int) -> float:
    """Share of resamples whose median is at most the sample of that rank; of an even number one draw less is made."""
    draws = count if count % 2 else count - 1
    if draws < 1:
        return 1.0
    chance = rank / count
    return sum(
        math.comb(draws, hits) * chance**hits * (1 - chance) ** (draws - hits)
        for hits in range(draws // 2 + 1, draws + 1)
    )
