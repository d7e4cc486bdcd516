"""Reads `pkgutil --pkg-info com.apple.pkg.CLTools_Executables`: a receipt of an installed package."""

from __future__ import annotations

import re

_VERSION = re.compile(r"^[^\S\n]*version:[^\S\n]*(\d+(?:\.\d+)*)[^\S\n]*$", re.MULTILINE)
# 15.3.0.0.1.1708646388: the release, then a build counter that says nothing to a person.
_SPOKEN_PARTS = 2


def parse_receipt_version(text: str) -> str | None:
    """Major and minor of the receipt's version, e.g. ``"15.3"``; `None` where there is no receipt."""
    match = _VERSION.search(text)
    return ".".join(match[1].split(".")[:_SPOKEN_PARTS]) if match else None
