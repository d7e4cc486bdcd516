"""Names with values, in every notation in which machines print them: the ground of several strategies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from functools import cache, lru_cache

from m1doctor.model.record import record


class Form(Enum):
    """How a name and its value stand together."""

    QUOTED = auto()
    """JSON, Python's dicts, ioreg: ``"name" : "value"``."""
    LINE = auto()
    """A line of its own: ``name = value`` to its end, as in settings, an environment and system_profiler."""
    INLINE = auto()
    """Within a line: ``NAME=value``, ``name: value``, and the queries of addresses."""
    OPTION = auto()
    """A command line: ``--name value``."""


@record(frozen=True, slots=True)
class Pair:
    """A name and where its value stands, without quotes."""

    key: str
    value: str
    start: int
    end: int
    form: Form
    equals: bool
    """Whether an equals sign joins them and not a colon, which prose has too."""


_FORMS: tuple[tuple[Form, re.Pattern[str]], ...] = (
    (
        Form.QUOTED,
        re.compile(
            r"""(?P<slash>\\{0,3})(?P<quote>["'])(?P<key>[^"'\\\n]{1,80})(?P=slash)(?P=quote)\s{0,40}\]?"""
            r"""\s{0,40}(?P<sign>[:=,]>?)\s{0,40}[bu]?"""
            r"""(?:(?P=slash)(?P=quote)(?P<value>(?:(?!(?P=quote))[^\\\n]|\\(?!["'])[^\n]|\\{1,4}(?!(?P=quote))["'])*)"""
            r"""|<(?P<data>[0-9a-fA-F ]+)>)"""
        ),
    ),
    (
        Form.QUOTED,
        re.compile(
            r"<key>(?P<key>[^<\n]{1,80})</key>\s{0,80}<(?:string|data)(?P<sign>)>\s{0,80}(?P<value>[^<]*?)\s{0,80}</"
        ),
    ),
    (
        Form.LINE,
        re.compile(
            r"""^[ \t│|>]*(?:-[ \t]+)?(?:export[ \t]+|declare -x[ \t]+|setenv[ \t]+|set[ \t]+|#[ \t]*)?"""
            r"""(?P<key>[^\W\d][^:=\uff1a"'\n<>{}\[\]]{0,60}?)[ \t]*(?P<sign>(?::|=(?!=)|\uff1a))"""
            r"""[ \t]*(?P<value>\S[^\n]*)$""",
            re.MULTILINE,
        ),
    ),
    (
        Form.INLINE,
        re.compile(
            r"""(?<![\w.])(?P<key>[A-Za-z_][\w.-]{0,80})(?P<sign>=|:[ \t]+)"""
            r"""(?:"(?P<quoted>[^"\n]*)"|'(?P<single>[^'\n]*)'|(?P<value>[^\s"'&;,<>)\]}|]+))"""
        ),
    ),
    (
        Form.OPTION,
        re.compile(
            r"""(?<!\S)["']?--(?P<key>[A-Za-z][\w-]*)(?P<sign>)["']?"""
            r"""(?:[ \t]|,[ \t]*|[ \t]*\\?\n[ \t]*)["']?(?P<value>[^\s"',-][^\s"',]*)"""
        ),
    ),
)
_GROUPS = ("value", "data", "quoted", "single")


@lru_cache(maxsize=8)
def pairs(text: str) -> tuple[Pair, ...]:
    """Every name with a value; the same one may be seen in more than one form."""
    return tuple(_pairs(text))


def _pairs(text: str) -> Iterator[Pair]:
    for form, pattern in _FORMS:
        for match in pattern.finditer(text):
            held = match.groupdict()
            name = next((name for name in _GROUPS if held.get(name) is not None), None)
            if name is None or match["key"].count("(") != match["key"].count(")"):
                continue
            start, end = match.span(name)
            value = text[start:end]
            bare = value.strip().rstrip(",;")
            if form is Form.LINE and len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "\"'":
                bare = bare[1:-1]
            start += value.find(bare)
            yield Pair(match["key"], bare, start, start + len(bare), form, match["sign"].startswith("="))


@cache
def squeezed(key: str) -> str:
    """A name without case, spaces and punctuation: ``"Serial Number (system)"`` is ``"serialnumbersystem"``."""
    return "".join(character for character in key.casefold() if character.isalnum())


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@cache
def words(key: str) -> tuple[str, ...]:
    """The words of a name: ``"AWS_ACCESS_KEY_ID"`` and ``"awsAccessKeyId"`` are the same four."""
    return tuple(word.lower() for word in _WORD.findall(key))
