"""Reads `/proc/meminfo` of Linux: ``MemAvailable:   24251116 kB``."""

from __future__ import annotations

import re

_LINE = re.compile(r"^\s*([A-Za-z][\w()]*):\s+(\d{1,19})(?: kB)?\s*$", re.MULTILINE)


def parse_meminfo(text: str) -> dict[str, int]:
    """Sizes in bytes by name. kB means KiB there; a line without a unit is a count and is passed over."""
    return {match[1]: int(match[2]) * 1024 for match in _LINE.finditer(text) if match[0].rstrip().endswith("kB")}
