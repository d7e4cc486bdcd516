"""The families of Apple silicon, for machines that do not name their chip, and the clocks of the chips' GPUs."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from m1doctor.model.record import record

_DATA = Path(__file__).with_name("chips.toml")


@record(frozen=True, slots=True, kw_only=True)
class Family:
    """One family of chips."""

    name: str
    """``"Apple M1"``: the plain chip gives the family its name."""
    generation: str
    """Of the GPU driver, e.g. ``"G13"``."""
    kernel: tuple[str, ...]
    """Ends of kernel strings, e.g. ``"T8103"``; listed only where the brand string does not name the chip."""


@record(frozen=True, slots=True, kw_only=True)
class Chip:
    """One chip by its brand string."""

    name: str
    gpu_clock_hz: float
    source: str
    url: str | None = None
    date: str


@cache
def _document() -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - only for machines that do not name their chip, and for benchmarks

    with _DATA.open("rb") as file:
        return tomllib.load(file)


@cache
def families() -> tuple[Family, ...]:
    """All families, oldest first."""
    return tuple(
        Family(name=entry["name"], generation=entry["generation"], kernel=tuple(entry["kernel"]))
        for entry in _document()["family"]
    )


def chip(name: str) -> Chip | None:
    """The chip of that brand string, e.g. ``"Apple M1 Pro"``; `None` for one that is not known."""
    for entry in _document()["chip"]:
        if name in entry["names"]:
            return Chip(name=name, **{key: value for key, value in entry.items() if key != "names"})
    return None


def alus_per_core() -> int:
    """Arithmetic units of one GPU core, the same in all families that are known."""
    return int(_document()["gpu"]["alus_per_core"])


def family_of_kernel(platform: str) -> Family | None:
    """The family of a kernel platform such as ``"T8103"``."""
    return next((family for family in families() if platform in family.kernel), None)


def family_of_gpu(generation: str) -> Family | None:
    """The family of a GPU generation such as ``"G13"``."""
    return next((family for family in families() if family.generation == generation), None)
