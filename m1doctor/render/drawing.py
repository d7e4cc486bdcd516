"""Small drawings in text: bars and sparklines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

_LEVELS = "▁▂▃▄▅▆▇█"
_FULL, _EMPTY = "█", "░"


def gathered(samples: Sequence[float], width: int) -> list[float]:
    """At most `width` samples: neighbours share one, which is the largest of them."""
    if len(samples) <= width:
        return list(samples)
    cuts = [number * len(samples) // width for number in range(width + 1)]
    return [max(samples[start:end]) for start, end in pairwise(cuts)]


def bar(share: float, width: int) -> str:
    """A bar of `width` cells of which `share` is filled; anything at all fills one."""
    filled = min(max(round(share * width), 1 if share > 0 else 0), width)
    return _FULL * filled + _EMPTY * (width - filled)


def sparkline(samples: Sequence[float], width: int, *, most: float | None = None) -> str:
    """The samples in their order as levels between zero and the largest (or `most`), the newest `width` of them."""
    shown = samples[-width:]
    top = max(shown, default=0.0) if most is None else most
    if top <= 0:
        return ""
    return "".join(_LEVELS[min(int(sample / top * len(_LEVELS)), len(_LEVELS) - 1)] for sample in shown)
