"""Reads `sw_vers`: ``ProductVersion:<TAB><TAB>26.5``, or the same fields on one line."""

from __future__ import annotations

import re

_FIELD = re.compile(r"\b(Product(?:Name|Version|VersionExtra)|BuildVersion):[ \t]*(\S+)")


def parse_sw_vers(text: str) -> dict[str, str]:
    """Fields by name; `ProductVersionExtra` is there only after a rapid security response."""
    return {match[1]: match[2] for match in _FIELD.finditer(text)}
