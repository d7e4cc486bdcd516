"""What the death of a process by a signal means for a Python that runs TensorFlow."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from m1doctor.model.record import record

_DATA = Path(__file__).with_name("signals.toml")


@record(frozen=True, slots=True, kw_only=True)
class SignalMeaning:
    """One signal."""

    name: str
    meaning: str
    """A clause that completes "SIGILL: …"."""
    on_mac: str | None = None
    """A further clause that is true on macOS only."""
    fix: tuple[str, ...] = ()
    """Steps for a person."""
    source: str
    url: str
    date: str


@cache
def signal_meanings() -> dict[str, SignalMeaning]:
    """All signals of ``signals.toml`` by name."""
    import tomllib  # noqa: PLC0415 - only a crash needs it

    with _DATA.open("rb") as file:
        document = tomllib.load(file)
    return {name: SignalMeaning(name=name, **{**entry, "fix": tuple(entry["fix"])}) for name, entry in document.items()}
