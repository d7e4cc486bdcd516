"""Facts that nobody measures now: the figures of earlier runs on this machine, or of one that the user brought."""

from __future__ import annotations

from m1doctor.model.record import record


@record(frozen=True, slots=True, kw_only=True)
class EarlierRun:
    """The figures of one earlier benchmark."""

    created: str
    """When it was made (UTC)."""
    tensorflow: str | None = None
    device: str
    """``"GPU:0"`` or ``"CPU:0"``."""
    speeds: dict[str, float]
    """By name, as `bench.figures.speeds` makes them: the higher the better."""


@record(frozen=True, slots=True, kw_only=True)
class Earlier:
    """Earlier benchmarks to compare with."""

    source: str
    """``"history"``, or the file that the user named."""
    runs: tuple[EarlierRun, ...] = ()
    """Newest first."""
