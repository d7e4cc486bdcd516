"""A secret, the sort of thing that it is, and the name that stands in its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import StrEnum

from m1doctor.model.record import record


class Kind(StrEnum):
    """What sort of secret."""

    HOME = "home folder"
    USER = "user name"
    HOST = "host name"
    SERIAL = "serial number"
    UUID = "hardware UUID"
    MAC = "MAC address"
    IP = "IP address"
    SECRET = "token, key or password"  # noqa: S105 - the name of a kind
    EMAIL = "e-mail address"
    FOLDER = "temporary folder of a user"

    @property
    def word(self) -> str:
        """The word for it in a pseudonym."""
        return self.name.lower()


@record(frozen=True, slots=True)
class Found:
    """Where a secret stands in a text."""

    start: int
    end: int
    kind: Kind


@record(frozen=True, slots=True)
class Known:
    """A secret that is known before any text is read, such as the user's own name."""

    kind: Kind
    value: str


Strategy = Callable[[str], Iterator[Found]]
"""Finds one sort of secret in a text."""

PSEUDONYM = re.compile(r"(?i)redacted-(?:" + "|".join(kind.word for kind in Kind) + r")-[0-9]+")
"""What stands in the place of a secret: safe in a path, an address, a shell line, Markdown and HTML."""


def pseudonym(kind: Kind, number: int) -> str:
    """The name that stands in the place of the `number`th secret of its kind."""
    return f"redacted-{kind.word}-{number}"


def hits(pattern: re.Pattern[str], text: str, *needles: str) -> Iterator[re.Match[str]]:
    """The matches of a pattern that cannot match without one of the `needles`: a text without them is quickly done."""
    if not needles or any(needle in text for needle in needles):
        yield from pattern.finditer(text)


def group(match: re.Match[str], kind: Kind, name: str | int = 0) -> Found:
    """What a group of a match holds, as a secret."""
    return Found(match.start(name), match.end(name), kind)
