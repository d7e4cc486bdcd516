"""Reads `/proc/pressure/memory` of Linux: ``some avg10=0.00 avg60=0.00 avg300=0.00 total=0``."""

from __future__ import annotations

import re

_SOME = re.compile(r"^some avg10=(\d{1,3}\.\d{1,4}) ", re.MULTILINE)
WHOLE = 100.0


def parse_some_avg10(text: str) -> float | None:
    """Share in percent of the last 10 s in which some task waited for memory; `None` where it does not say."""
    match = _SOME.search(text)
    percent = float(match[1]) if match else None
    return percent if percent is not None and percent <= WHOLE else None
