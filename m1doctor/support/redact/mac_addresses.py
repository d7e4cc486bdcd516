"""MAC addresses of network hardware, with colons, dashes, dots, or bare beside their labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from m1doctor.knowledge.redaction import secret_keys
from m1doctor.support.redact.keyed import pairs, squeezed
from m1doctor.support.redact.secret import Found, Kind, group, hits

_COLONS = re.compile(r"(?<![0-9A-Za-z:])(?:[0-9A-Fa-f]{1,2}:){5}[0-9A-Fa-f]{1,2}(?![0-9A-Za-z:])")
_DASHES = re.compile(r"(?<![0-9A-Za-z-])(?=[0-9-]*[A-Fa-f])(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}(?![0-9A-Za-z-])")
"""With a letter in it: six pairs of digits with dashes are a date and a time."""
_DOTS = re.compile(r"(?<![0-9A-Za-z.])(?=[0-9.]*[A-Fa-f])(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}(?![0-9A-Za-z.])")
_VALUE = re.compile(r"(?:[0-9A-Fa-f]{2}[:. -]?){5}[0-9A-Fa-f]{2}|[A-Za-z0-9+/]{8}")
_NOBODYS = re.compile(r"(?:0{1,2}[:-]?){6}|(?:[fF]{2}[:-]?){6}")


def find(text: str) -> Iterator[Found]:
    """MAC addresses by their form, and by the labels that the IO registry gives them."""
    for pattern, sign in ((_COLONS, ":"), (_DASHES, "-"), (_DOTS, ".")):
        for match in hits(pattern, text, sign):
            if not _NOBODYS.fullmatch(match[0]):
                yield group(match, Kind.MAC)
    for pair in pairs(text):
        if _names_an_address(pair.key) and _VALUE.fullmatch(pair.value) and not _NOBODYS.fullmatch(pair.value):
            yield Found(pair.start, pair.end, Kind.MAC)


@cache
def _names_an_address(key: str) -> bool:
    return any(word in squeezed(key) for word in secret_keys().mac_address)
