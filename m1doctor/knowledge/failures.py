"""What the words of a failed import of TensorFlow mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path

from m1doctor.model.record import record

_DATA = Path(__file__).with_name("failures.toml")


class Mending(StrEnum):
    """Which kind of remedy helps."""

    COMPLETE = "complete"
    """Let the installer complete or correct what TensorFlow requires."""
    REINSTALL = "reinstall"
    """Lay TensorFlow down anew."""
    REMOVE_PLUGIN = "remove-plugin"
    PERSON = "person"
    """Nothing that a command could do."""


@record(frozen=True, slots=True, kw_only=True)
class Failure:
    """One known way to fail, told from the words."""

    name: str
    meaning: str
    """A clause that says what is the matter."""
    mending: Mending
    fix: tuple[str, ...]
    """Steps for a person."""
    source: str
    url: str
    date: str


@record(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    also: re.Pattern[str] | None
    failure: Failure


@cache
def _knowledge() -> tuple[tuple[_Rule, ...], tuple[re.Pattern[str], ...]]:
    import tomllib  # noqa: PLC0415 - only a failure needs it

    with _DATA.open("rb") as file:
        document = tomllib.load(file)
    rules = []
    for entry in document["failure"]:
        fields = dict(entry)
        pattern, also = fields.pop("pattern"), fields.pop("also", None)
        fields["mending"] = Mending(fields.pop("remedy"))
        fields["fix"] = tuple(fields["fix"])
        rules.append(
            _Rule(
                re.compile(pattern, re.MULTILINE),
                re.compile(also, re.MULTILINE) if also is not None else None,
                Failure(**fields),
            )
        )
    return tuple(rules), tuple(re.compile(pattern) for pattern in document["harmless"]["patterns"])


def known_failures() -> tuple[Failure, ...]:
    """Every known way to fail, in the order in which they are tried; names in braces stand in their texts."""
    return tuple(rule.failure for rule in _knowledge()[0])


def classify(texts: Sequence[str]) -> Failure | None:
    """The first known failure whose words are in `texts`, its text filled in; `None` for words that nobody knows."""
    whole = "\n".join(texts)
    for rule in _knowledge()[0]:
        found = rule.pattern.search(whole)
        if found is None or (rule.also is not None and rule.also.search(whole) is None):
            continue
        failure = rule.failure
        meaning = failure.meaning
        for name, value in found.groupdict().items():
            meaning = meaning.replace("{" + name + "}", value or "something")
        return Failure(
            name=failure.name,
            meaning=meaning,
            mending=failure.mending,
            fix=failure.fix,
            source=failure.source,
            url=failure.url,
            date=failure.date,
        )
    return None


def telling_lines(lines: Sequence[str]) -> tuple[str, ...]:
    """`lines` without those of TensorFlow's log that explain nothing."""
    harmless = _knowledge()[1]
    return tuple(line for line in lines if not any(pattern.search(line) for pattern in harmless))
