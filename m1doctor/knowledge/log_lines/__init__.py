"""Known wordings of logs, tracebacks, installers and shells, as data: what each looks like and what it means.

Each entry of the TOML files has a name (``kind``), the place in the story that it takes (``role``), an example, and the
public place where it was seen. Wordings of one line carry a regular expression; those that stretch over lines are read
by the grammar named in ``grammar`` (in `m1doctor/support/log/grammars`), which reports them under their ``kind``.
"""

from __future__ import annotations

import re
from dataclasses import field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from m1doctor.model.finding import Level
from m1doctor.model.record import record

_FOLDER = Path(__file__).parent


class Role(StrEnum):
    """What a wording is in the story that a log tells."""

    CAUSE = "cause"
    """It names a fault."""
    SYMPTOM = "symptom"
    """It shows that something failed; it is told where the log holds nothing that explains it."""
    CLUE = "clue"
    """It says something about the machine or the moment, and is no fault."""
    HARMLESS = "harmless"
    """It looks like trouble and is none."""
    ADVICE = "advice"
    """It is a remedy that somebody recommends, and that does harm."""


@record(frozen=True, slots=True, kw_only=True)
class Wording:
    """One known wording."""

    kind: str
    role: Role
    literals: tuple[str, ...] = ()
    """A line is looked at only if it holds one of these. They stand in the line as it was written, colours included."""
    pattern: re.Pattern[str] | None = None
    """What a line must look like; its named groups become the details. `None`: the literal says it all."""
    unless: re.Pattern[str] | None = None
    """What a line must not look like."""
    grammar: str | None = None
    """The grammar that reports this kind."""
    checks: tuple[str, ...] = ()
    """Ids that it speaks for; the first that is registered counts."""
    level: Level = Level.ERROR
    says: str = ""
    """The message, with ``{details}`` in braces."""
    remedy: str = ""
    """What to do, in one sentence."""
    steps: tuple[str, ...] = ()
    """The same in steps, where there is more than one."""
    quiet: bool = False
    """Whether a clue only serves the reading and is not worth a word to the reader."""
    fatal: bool = False
    """Whether a process dies of it, so that the death itself needs no other explanation."""
    yields_to: tuple[str, ...] = ()
    """Ids of checks that explain it, where the log speaks for them, too."""
    defaults: dict[str, str] = field(default_factory=dict)
    """Words for details that a line does not give."""
    sources: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    """Texts that show it."""
    counterexamples: tuple[str, ...] = ()
    """Texts that look like it and are something else."""


_LISTS = ("literals", "steps", "yields_to")


@cache
def wordings() -> dict[str, Wording]:
    """All wordings by kind, in the order of the files.

    Raises `ValueError` for a kind that is there twice.
    """
    import tomllib  # noqa: PLC0415 - only where a log is read

    found: dict[str, Wording] = {}
    for file in sorted(_FOLDER.glob("*.toml")):
        with file.open("rb") as stream:
            document = tomllib.load(stream)
        for entry in document["wording"]:
            wording = _wording(entry)
            if wording.kind in found:
                message = f"{file.name}: the kind {wording.kind} is there twice"
                raise ValueError(message)
            found[wording.kind] = wording
    return found


def _wording(entry: dict[str, Any]) -> Wording:
    known = {
        "check": "checks",
        "source": "sources",
        "example": "examples",
        "not": "counterexamples",
    }
    values: dict[str, Any] = {}
    for key, value in entry.items():
        name = known.get(key, key)
        if name in ("pattern", "unless"):
            values[name] = re.compile(value, re.VERBOSE if "\n" in value else 0)
        elif name in ("checks", "sources", "examples", "counterexamples", *_LISTS):
            values[name] = (value,) if isinstance(value, str) else tuple(value)
        elif name == "role":
            values[name] = Role(value)
        elif name == "level":
            values[name] = Level(value)
        else:
            values[name] = value
    return Wording(**values)
