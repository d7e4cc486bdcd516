"""The parts of the work that a child of the target is given after the import: what each does, and its limit.

A file of this folder is a section of the facts, a table in it a part: the script ``probes/parts/NAME.py``, whose answer
becomes the field ``NAME`` of the section. The parts run in the order of `SECTIONS` and of the tables.
"""

from __future__ import annotations

from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Any

from m1doctor.model.record import record

SECTIONS = ("correctness", "bench")
"""Right before fast: nothing is gained from the speed of wrong answers."""


@record(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the work."""

    name: str
    """Of its script, of its stage in the child's report, and of its field in the section."""
    section: str
    words: str
    """What it does, for people: ``"multiplying matrices"``."""
    limit_seconds: float
    """It is ended when it takes longer, and the next part has a child of its own."""
    on_device: bool = True
    """Whether it works on the GPU where there is one; such a part is left out when the device itself cannot start."""
    options: dict[str, Any] = field(default_factory=dict)
    """What its script is told."""
    bench: dict[str, Any] = field(default_factory=dict)
    """What `m1doctor bench` tells it otherwise."""
    thorough: dict[str, Any] = field(default_factory=dict)
    """What `m1doctor bench --thorough` tells it otherwise."""
    source: str
    """Why the options are as they are."""
    url: str | None = None
    date: str


@cache
def parts() -> tuple[Part, ...]:
    """All parts in the order in which they run."""
    import tomllib  # noqa: PLC0415 - only a run of the target needs it

    found = []
    for section in SECTIONS:
        document = tomllib.loads((Path(__file__).parent / f"{section}.toml").read_text(encoding="utf-8"))
        found += [Part(name=name, section=section, **table) for name, table in document.items()]
    return tuple(found)


def part_words(name: str) -> str | None:
    """What the part of that name does; `None` where there is no such part."""
    return next((part.words for part in parts() if part.name == name), None)


def works_on_device(name: str) -> bool:
    """Whether there is a part of that name that works on the GPU where there is one."""
    return any(part.on_device for part in parts() if part.name == name)
