"""What is known about locking: releases that no lock may name."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from m1doctor.model.record import record


@record(frozen=True, slots=True, kw_only=True)
class NeverLock:
    """One release that must not be pinned."""

    name: str
    """Normalized."""
    version: str
    reason: str
    """A clause that completes "left out: …"."""
    source: str
    date: str
    """ISO date of the reading or measurement."""


@cache
def never_lock() -> tuple[NeverLock, ...]:
    """The releases that must not be pinned, from ``locks.toml``."""
    text = resources.files("m1doctor.knowledge").joinpath("locks.toml").read_text(encoding="utf-8")
    return tuple(NeverLock(**entry) for entry in tomllib.loads(text)["never"])
