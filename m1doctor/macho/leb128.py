"""Variable-length integers as dyld's tables hold them."""

from __future__ import annotations

import mmap

from m1doctor.macho.errors import MalformedError, TruncatedError

_MOST_BYTES = 10
"""A 64-bit number needs no more."""


def read_uleb(data: bytes | mmap.mmap, position: int, end: int) -> tuple[int, int]:
    """The unsigned number at `position`, and the position after it.

    Raises `TruncatedError` where it runs over `end`, `MalformedError` where it does not fit 64 bits.
    """
    value = shift = 0
    for count in range(_MOST_BYTES):
        at = position + count
        if at >= end:
            raise TruncatedError("a number runs over the end of its table")
        byte = data[at]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 - the upper bit says that more follows
            return value, at + 1
        shift += 7
    raise MalformedError("a number of more than 64 bits")
