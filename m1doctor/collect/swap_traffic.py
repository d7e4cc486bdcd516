"""Swap traffic: the difference of two samples of counters that run since boot."""

from __future__ import annotations

from typing import Any

from m1doctor.model.unknown import Unknown, not_asked

NOT_ASKED = not_asked("swap traffic needs a second sample, which was not taken")


def no_rates(why: Unknown) -> dict[str, Any]:
    """The fields of `Memory` for swap traffic that is not known, with the reason for each."""
    return {"unknown": dict.fromkeys(("swapins_per_second", "swapouts_per_second", "sample_seconds"), why)}


def rates(
    first: tuple[int | None, int | None], second: tuple[int | None, int | None], seconds: float
) -> dict[str, Any]:
    """The fields of `Memory` for swap traffic, from (swapins, swapouts) before and after `seconds`."""
    if seconds <= 0:
        return no_rates(Unknown("the clock did not move between the samples"))
    found: dict[str, Any] = {"sample_seconds": seconds, "unknown": {}}
    for name, before, after in zip(("swapins_per_second", "swapouts_per_second"), first, second, strict=True):
        if before is None or after is None or after < before:
            found["unknown"][name] = Unknown("the counters of the two samples do not go together")
        else:
            found[name] = (after - before) / seconds
    return found
