"""Reads `sysctl NAME...`: one ``name: value`` a line. By name, never by position: an unknown name prints no line."""

from __future__ import annotations

import re
from collections.abc import Mapping

_LINE = re.compile(r"^[\s#'\"]*([A-Za-z_][\w-]*(?:\.[\w-]+)+): ?(.*?)\s*$", re.MULTILINE)
_INTEGER = re.compile(r"(-?\d{1,20})(?=\s|$)(?:\s*->\s*(-?\d{1,20})(?=\s|$))?")


def parse_sysctl(text: str) -> dict[str, str]:
    """Values by name, as printed. Lines of another form are passed over; of a repeated name the last one counts."""
    return {match[1]: match[2] for match in _LINE.finditer(text)}


def integer(values: Mapping[str, str], name: str) -> int | None:
    """The integer that `name` starts with; `None` for a missing name or another kind of value.

    A line that reports a write (``0 -> 114688``) stands for the new value.
    """
    match = _INTEGER.match(values.get(name, ""))
    if match is None:
        return None
    return int(match[2] if match[2] is not None else match[1])


def text_of(values: Mapping[str, str], name: str) -> str | None:
    """The text of `name`; `None` where it is missing or empty."""
    return values.get(name) or None
