"""Environment variables that take the GPU out of TensorFlow's sight."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from m1doctor.model.record import record

_DATA = Path(__file__).with_name("hiding.toml")


@record(frozen=True, slots=True, kw_only=True)
class HidingVariable:
    """One variable, and who heeds it."""

    name: str
    harmless: tuple[str, ...]
    """Values that hide nothing."""
    provider: str | None
    """The only plugin provider that heeds it (a value of `Provider`)."""
    source: str
    url: str
    date: str

    def hides(self, value: str) -> bool:
        """Whether this value hides the GPU."""
        return value not in self.harmless


@cache
def hiding_variables() -> tuple[HidingVariable, ...]:
    """The variables of ``hiding.toml``."""
    import tomllib  # noqa: PLC0415 - only a run of the target needs it

    with _DATA.open("rb") as file:
        entries = tomllib.load(file)["variable"]
    return tuple(HidingVariable(**{**entry, "harmless": tuple(entry["harmless"])}) for entry in entries)
