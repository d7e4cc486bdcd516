"""The head of a METADATA or PKG-INFO file: name, version and requirements, without the description below it.

`importlib.metadata` hands the whole file to the `email` parser; descriptions are most of it (300 kB in a full
TensorFlow environment) and nothing here needs them. The head ends at the first empty line, as the format says.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_HEAD_BYTES = 1024 * 1024
"""Longest head that is read. The largest of the 300 most downloaded wheels is 40 kB."""


_BLANKS = " \t\r"
_FIELD = re.compile(
    r"^(Name|Version|Requires-Python|Requires-Dist)[ \t]*:(.*(?:\n[ \t].*)*)", re.MULTILINE | re.IGNORECASE
)
"""One of the fields that matter, with the lines that continue it. A continued line begins with a blank, so a word of a
description can never be taken for a field."""


class MetadataHead(NamedTuple):
    """What the head of a metadata file says; a field that it does not have is `None` or empty."""

    name: str | None = None
    version: str | None = None
    requires_python: str | None = None
    requires: tuple[str, ...] = ()


def head_of(content: bytes) -> str:
    """The head of a metadata file as text: all before the first empty line, undecodable bytes replaced."""
    end = len(content)
    for mark in (b"\n\n", b"\r\n\r\n"):
        found = content.find(mark, 0, end)
        if found >= 0:
            end = found
    return content[:end].decode("utf-8", "replace")


def parse_head(text: str) -> MetadataHead:
    """Read the fields of a head. The first of a single field wins; a continued line is joined by a blank."""
    fields: dict[str, list[str]] = {}
    for match in _FIELD.finditer(text.replace("\r\n", "\n")):
        value = " ".join(part.strip(_BLANKS) for part in match[2].split("\n"))
        fields.setdefault(match[1].lower(), []).append(value.strip(_BLANKS))

    def first(name: str) -> str | None:
        found = fields.get(name, [""])[0]
        # "UNKNOWN" is what old setuptools wrote for a field that it was not given.
        return found if found and found != "UNKNOWN" else None

    return MetadataHead(
        name=first("name"),
        version=first("version"),
        requires_python=first("requires-python"),
        requires=tuple(fields.get("requires-dist", ())),
    )
