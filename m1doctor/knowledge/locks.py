"""What is known about locking: releases that no lock may name, and companions that must be held back."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from m1doctor.model.record import record

_DATA = Path(__file__).with_name("locks.toml")


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


@record(frozen=True, slots=True, kw_only=True)
class Cap:
    """A package of which a resolver would choose a release that breaks TensorFlow, or what comes with it."""

    package: str
    """Normalized."""
    allowed: str
    """PEP 440 specifier of what works."""
    beside: str
    """PEP 440 specifier of the TensorFlow releases that need it."""
    reason: str
    """A clause that says why."""
    source: str
    date: str
    """ISO date of the measurement."""


@cache
def never_lock() -> tuple[NeverLock, ...]:
    """The releases that must not be pinned, from ``locks.toml``."""
    return tuple(NeverLock(**entry) for entry in _document()["never"])


@cache
def caps() -> tuple[Cap, ...]:
    """The packages that must be held back, from ``locks.toml``."""
    return tuple(Cap(**entry) for entry in _document()["cap"])


def _document() -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - start-up

    return tomllib.loads(_DATA.read_text(encoding="utf-8"))
