"""Serial numbers, of the machine and of what is plugged into it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from m1doctor.knowledge.redaction import secret_keys
from m1doctor.support.redact.keyed import pairs, squeezed
from m1doctor.support.redact.secret import Found, Kind, group

_OLD_APPLE = re.compile(
    r"(?<![A-Za-z0-9])(?:C02|C07|C17|C1M|FVF|FVH|D25|W8|DGK|H2W|SC02)[A-HJ-NP-Z0-9]{8,9}(?![A-Za-z0-9])"
)
"""Apple's serial numbers up to 2021 begin with the factory and the year; the later ones are of no form."""
_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9/._+=-]{3,39}|[0-9A-Fa-f ]{8,}")
_APPLE_LIKE = re.compile(r"(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{10,12}")
_NOTHING = re.compile(r"(?i)none|null|unknown|n/?a|not.available|0+|x+|default|string|system|serial|number|true|false")


def find(text: str) -> Iterator[Found]:
    """Serial numbers by their labels, in any language that we know of, and the older ones by their form."""
    for match in _OLD_APPLE.finditer(text):
        yield group(match, Kind.SERIAL)
    for pair in pairs(text):
        form = _form_of_value(pair.key)
        if form is not None and form.fullmatch(pair.value) and not _NOTHING.fullmatch(pair.value):
            yield Found(pair.start, pair.end, Kind.SERIAL)


@cache
def _form_of_value(key: str) -> re.Pattern[str] | None:
    """What a serial number beside this label looks like; `None` for a label of something else."""
    name = squeezed(key)
    if any(word in name for word in secret_keys().serial):
        return _VALUE
    # A label in a language that we do not know, beside what looks like one of Apple's.
    return _APPLE_LIKE if name == "serial" or not key.isascii() else None
