"""Chips whose GPU rounds more than others: how far an answer may be off there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from m1doctor.knowledge.parts import Part
from m1doctor.model.record import record

_DATA = Path(__file__).with_name("rounding.toml")


@record(frozen=True, slots=True, kw_only=True)
class Leeway:
    """What replaces the factor of some parts on a chip."""

    chip: str
    """How its name begins, e.g. ``"Apple M5"``."""
    dtype: str
    parts: tuple[str, ...]
    factor: float
    what: str
    source: str
    url: str
    date: str


@cache
def leeways() -> tuple[Leeway, ...]:
    """All of them."""
    import tomllib  # noqa: PLC0415 - only a run of the target needs it

    document = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    return tuple(Leeway(**{**entry, "parts": tuple(entry["parts"])}) for entry in document["chip"])


def for_chip(parts: Sequence[Part], chip: str | None) -> tuple[Part, ...]:
    """The parts with the factors of this chip; unchanged where it is unknown or rounds as others do."""
    known = [leeway for leeway in leeways() if chip is not None and f"{chip} ".startswith(f"{leeway.chip} ")]
    return tuple(_with_leeways(part, [leeway for leeway in known if part.name in leeway.parts]) for part in parts)


def _with_leeways(part: Part, leeways: Sequence[Leeway]) -> Part:
    if not leeways:
        return part
    factors = {**part.options["factor"], **{leeway.dtype: leeway.factor for leeway in leeways}}
    return replace(part, options={**part.options, "factor": factors})
