"""Reads `ioreg -a -p IODeviceTree -r -d 1 -w0 -n pmgr`: the clocks of the power manager's states, as a property list.

`voltage-states9` are those of the GPU: pairs of 32-bit numbers in the chip's byte order, hertz and millivolts, slowest
first, padded with zeros.
"""

from __future__ import annotations

import struct

_KEY = "voltage-states9"
_PAIR = struct.Struct("<II")
_BELIEVABLE_HZ = (200e6, 4e9)
"""A number outside is in another unit, or no clock."""


def parse_gpu_clock(text: str) -> float | None:
    """The highest clock of the GPU in hertz; `None` where the states are not there, or are not believable."""
    import plistlib  # noqa: PLC0415 - brings an XML parser; only a benchmark on a Mac needs it
    from xml.parsers.expat import ExpatError  # noqa: PLC0415 - likewise

    try:
        nodes = plistlib.loads(text.strip().encode())
    except (
        plistlib.InvalidFileException,
        ExpatError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,  # plistlib trips over a list that closes what it did not open
        RecursionError,
        OverflowError,
    ):
        return None
    states = next((node[_KEY] for node in nodes if isinstance(node, dict) and _KEY in node), None) if nodes else None
    if not isinstance(states, bytes):
        return None
    whole = states[: len(states) - len(states) % _PAIR.size]
    highest = max((float(hertz) for hertz, _ in _PAIR.iter_unpack(whole)), default=0.0)
    return highest if _BELIEVABLE_HZ[0] <= highest <= _BELIEVABLE_HZ[1] else None
