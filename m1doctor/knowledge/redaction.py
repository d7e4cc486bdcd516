"""What secrets look like: forms of tokens, names of keys, and the names that are everybody's."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from m1doctor.model.record import record

_DATA = Path(__file__).with_name("redaction.toml")


@record(frozen=True, slots=True, kw_only=True)
class TokenShape:
    """Tokens of one issuer, which tell what they are by their form."""

    name: str
    prefixes: tuple[str, ...]
    characters: str
    """What follows, as the inside of a character class."""
    least: int
    """How many of these characters there are at least."""
    source: str
    url: str
    date: str


@record(frozen=True, slots=True, kw_only=True)
class SecretKeys:
    """Names of keys whose values are secrets; all but the first three sets without case, spaces and punctuation."""

    secret: frozenset[str]
    """Last words of a name: ``"token"`` of ``GITHUB_TOKEN``."""
    before_key: frozenset[str]
    """Words that make a secret of a following ``key``."""
    after: frozenset[str]
    """Words that may still follow."""
    serial: frozenset[str]
    hardware_uuid: frozenset[str]
    mac_address: frozenset[str]
    host: frozenset[str]
    user: frozenset[str]


@record(frozen=True, slots=True, kw_only=True)
class PlainNames:
    """Names that tell nobody who somebody is."""

    nobody: frozenset[str]
    """Never a secret."""
    words: frozenset[str]
    """A secret only where the place says that it is a name, since they are words as well."""


@cache
def _document() -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - only a bundle needs it

    with _DATA.open("rb") as file:
        return tomllib.load(file)


@cache
def token_shapes() -> tuple[TokenShape, ...]:
    """The forms of tokens."""
    return tuple(
        TokenShape(characters=entry.pop("class"), prefixes=tuple(entry.pop("prefixes")), **entry)
        for entry in (dict(shape) for shape in _document()["shape"])
    )


@cache
def secret_keys() -> SecretKeys:
    """The names of keys."""
    return SecretKeys(**{name: frozenset(words) for name, words in _document()["keys"].items()})


@cache
def plain_names() -> PlainNames:
    """The names that are everybody's."""
    return PlainNames(**{name: frozenset(words) for name, words in _document()["names"].items()})
