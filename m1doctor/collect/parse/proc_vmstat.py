"""Reads `/proc/vmstat` of Linux: ``pswpout 1234``, counters in pages since boot."""

from __future__ import annotations

import re

_LINE = re.compile(r"^([a-z][\w]*) (\d{1,20})$", re.MULTILINE)


def parse_proc_vmstat(text: str) -> dict[str, int]:
    """Counters by name."""
    return {match[1]: int(match[2]) for match in _LINE.finditer(text)}
