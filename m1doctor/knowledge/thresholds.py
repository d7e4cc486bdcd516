"""The lines that checks judge by: values with what they mean and where they come from."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from m1doctor.model.record import record

_DATA = Path(__file__).with_name("thresholds.toml")


@record(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One line and its source."""

    name: str
    value: float
    what: str
    """What it is a line between, with its unit."""
    source: str
    url: str | None = None
    date: str
    """ISO date on which the source was read or the judgement made."""


@cache
def thresholds() -> dict[str, Threshold]:
    """All lines by name."""
    import tomllib  # noqa: PLC0415 - takes longer to import than the file takes to read; not every run judges by lines

    with _DATA.open("rb") as file:
        document = tomllib.load(file)
    return {name: Threshold(name=name, **entry) for name, entry in document.items()}


def threshold(name: str) -> float:
    """The value of one line. Raises `KeyError` for a name that the data does not hold."""
    return thresholds()[name].value
