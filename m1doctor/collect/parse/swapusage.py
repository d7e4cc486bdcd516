"""Reads the value of `vm.swapusage`: ``total = 3072.00M  used = 2132.44M  free = 939.56M  (encrypted)``."""

from __future__ import annotations

import re

from m1doctor.model.record import record

# sysctl always prints MiB, as M; the other letters are read in case that ever changes. The decimal sign is a comma
# where the locale says so: sysctl honours LC_NUMERIC.
_SCALE = {"B": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_FIELD = re.compile(r"\b(total|used|free)\s*=\s*(\d{1,15})(?:[.,](\d{1,6}))?\s*([BKMGT])\b")


@record(frozen=True, slots=True)
class SwapUsage:
    """Swap space in bytes. Files are made on demand, so `used` near `total` means nothing by itself."""

    total: int
    used: int
    free: int


def parse_swapusage(text: str) -> SwapUsage | None:
    """Read the three sizes; `None` unless all three are there."""
    sizes: dict[str, int] = {}
    for name, whole, fraction, unit in _FIELD.findall(text):
        sizes[name] = round(float(f"{whole}.{fraction or 0}") * _SCALE[unit])
    if len(sizes) != len(("total", "used", "free")):
        return None
    return SwapUsage(total=sizes["total"], used=sizes["used"], free=sizes["free"])
