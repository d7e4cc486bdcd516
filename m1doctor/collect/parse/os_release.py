"""Reads `/etc/os-release` of Linux: ``PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"``."""

from __future__ import annotations

import re

_PRETTY = re.compile(r"^PRETTY_NAME=(?:\"((?:[^\"\\\n]|\\.)*)\"|'([^'\n]*)'|(\S+))\s*$", re.MULTILINE)


def parse_pretty_name(text: str) -> str | None:
    """`PRETTY_NAME`, or `None` where there is none."""
    match = _PRETTY.search(text)
    if match is None:
        return None
    return re.sub(r"\\(.)", r"\1", match[1] or match[2] or match[3] or "") or None
