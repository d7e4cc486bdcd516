"""Releases of TensorFlow with which something changed that training scripts depend on."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from m1doctor.model.record import record

_DATA = Path(__file__).with_name("milestones.toml")


@record(frozen=True, slots=True, kw_only=True)
class Milestone:
    """One change."""

    name: str
    tensorflow: str
    """The first release that has it, e.g. ``"2.16"``."""
    what: str
    source: str
    url: str | None = None
    date: str
    """ISO date on which the source was read."""


@cache
def milestones() -> dict[str, Milestone]:
    """All changes by name."""
    import tomllib  # noqa: PLC0415 - only what judges scripts pays for it

    with _DATA.open("rb") as file:
        document = tomllib.load(file)
    return {name: Milestone(name=name, **entry) for name, entry in document.items()}


def first_release(name: str) -> str:
    """The first TensorFlow with a change. Raises `KeyError` for a name that the data does not hold."""
    return milestones()[name].tensorflow
