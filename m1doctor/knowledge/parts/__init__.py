"""The parts of the work that a child of the target is given after the import: what each does, and its limit.

A file of this folder is a section of the facts, a table in it a part: the script ``probes/parts/NAME.py``, whose answer
becomes the field ``NAME`` of the section. The parts run in the order of `SECTIONS` and of the tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
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


DTYPES = ("float32", "float16", "bfloat16", "float64")
"""What products may be timed in."""


def benchmark(
    *,
    thorough: bool = False,
    only: Sequence[str] = (),
    batch: int | None = None,
    dtypes: Sequence[str] = (),
    repeat: int = 1,
) -> tuple[Part, ...]:
    """The parts as `m1doctor bench` runs them: the same ones as in a diagnosis, longer.

    `batch` is the smallest of the sweep, instead of one chosen by time; `repeat` multiplies the rounds.
    """
    return tuple(
        _longer(part, part.thorough if thorough else part.bench, batch, dtypes, repeat)
        for part in parts()
        if not only or part.name in only
    )


def expected_seconds(wanted: Sequence[Part]) -> float:
    """About how long parts take on a quiet machine: their rounds, and as long again to choose sizes and to warm up."""
    return sum(2.0 * float(part.options.get("seconds", _UNTIMED_SECONDS)) for part in wanted)


_UNTIMED_SECONDS = 0.15
"""A part without rounds."""


def _longer(part: Part, otherwise: Mapping[str, Any], batch: int | None, dtypes: Sequence[str], repeat: int) -> Part:
    options = {**part.options, **otherwise}
    for key in ("least", "most", "seconds"):
        if key in options:
            options[key] *= repeat
    if part.name == "sweep" and batch is not None:
        options["batch"] = batch
    if part.name == "matmul" and dtypes:
        options["dtypes"] = list(dtypes)
    seconds = options.get("seconds", 0.0) * len(options.get("dtypes", [None]))
    return replace(part, options=options, limit_seconds=part.limit_seconds + 3 * seconds)
