"""Where the lists of versions that pip prints begin and end on a Mac."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from packaging.version import Version

from m1doctor.model.record import record

_DATA = Path(__file__).with_name("wheels.toml")


@record(frozen=True, slots=True, kw_only=True)
class Wheels:
    """The macOS wheels of one distribution."""

    name: str
    arm64_first: Version | None
    """The first version with arm64 wheels."""
    x86_last: Version | None
    """The last version with x86_64 wheels; `None` where they still come."""
    pythons: tuple[str, ...] = ()
    """The Pythons for which there are any; empty where that is not recorded."""
    instead: str = ""
    """What else to install in the place of an early version, completing "a version in the list"."""
    late_on_arm: bool = False
    """Whether there were x86_64 wheels under this name before the first arm64 ones."""


@cache
def wheels() -> dict[str, Wheels]:
    """The distributions of which it is recorded, by normalized name."""
    import tomllib  # noqa: PLC0415 - only where a log speaks of versions

    with _DATA.open("rb") as stream:
        entries = tomllib.load(stream)["wheels"]
    return {
        name: Wheels(
            name=name,
            arm64_first=Version(entry["arm64-first"]) if "arm64-first" in entry else None,
            x86_last=Version(entry["x86-last"]) if "x86-last" in entry else None,
            pythons=tuple(entry.get("pythons", ())),
            instead=entry.get("instead", ""),
            late_on_arm=entry.get("late-on-arm", False),
        )
        for name, entry in entries.items()
    }
