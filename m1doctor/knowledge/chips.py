"""The families of Apple silicon, for the few machines whose system does not give the chip its name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

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


@cache
def families() -> tuple[Family, ...]:
    """All families, oldest first."""
    import tomllib  # noqa: PLC0415 - only for machines that do not name their chip

    with _DATA.open("rb") as file:
        document = tomllib.load(file)
    return tuple(
        Family(name=entry["name"], generation=entry["generation"], kernel=tuple(entry["kernel"]))
        for entry in document["family"]
    )


def family_of_kernel(platform: str) -> Family | None:
    """The family of a kernel platform such as ``"T8103"``."""
    return next((family for family in families() if platform in family.kernel), None)


def family_of_gpu(generation: str) -> Family | None:
    """The family of a GPU generation such as ``"G13"``."""
    return next((family for family in families() if family.generation == generation), None)
