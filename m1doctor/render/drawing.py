"""Small drawings in text: bars and sparklines."""

from __future__ import annotations

from collections.abc import Sequence

_LEVELS = "▁▂▃▄▅▆▇█"
_FULL, _EMPTY = "█", "░"


def bar(share: float, width: int) -> str:
    """A bar of `width` cells of which `share` is filled; anything at all fills one."""
    filled = min(max(round(share * width), 1 if share > 0 else 0), width)
    return _FULL * filled + _EMPTY * (width - filled)


def sparkline(samples: Sequence[float], width: int) -> str:
    """The samples in their order as levels between zero and the largest, the newest `width` of them."""
    shown = samples[-width:]
    top = max(shown, default=0.0)
    if top <= 0:
        return ""
    return "".join(_LEVELS[min(int(sample / top * len(_LEVELS)), len(_LEVELS) - 1)] for sample in shown)
