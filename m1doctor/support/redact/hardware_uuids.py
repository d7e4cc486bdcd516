"""UUIDs that name one machine, disk or user. Those of libraries, which dyld prints, are everybody's and stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from m1doctor.knowledge.redaction import secret_keys
from m1doctor.support.redact.keyed import pairs, squeezed
from m1doctor.support.redact.secret import Found, Kind, group

_UUID = r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"
_VALUE = re.compile(rf"\{{?{_UUID}\}}?|[0-9A-Fa-f]{{8}}-[0-9A-Fa-f]{{16}}|[0-9A-Fa-f]{{32,40}}|[0-9A-Fa-f ]{{32,}}")
_UDID = re.compile(r"(?<![A-Za-z0-9-])0000[0-9A-F]{4}-[0-9A-F]{16}(?![A-Za-z0-9-])")
"""The identifier that Apple provisions devices by: the chip, a dash, the device."""
_LIBRARY = ("uuidof", "libraryuuid", "imageuuid", "binaryuuid", "kerneluuid", "kernuuid", "buildid")


def find(text: str) -> Iterator[Found]:
    """Identifiers of a machine by their labels, and UDIDs by their form."""
    for match in _UDID.finditer(text):
        yield group(match, Kind.UUID)
    for pair in pairs(text):
        if _names_a_machine(pair.key) and _VALUE.fullmatch(pair.value) and set(pair.value) - set("0-"):
            yield Found(pair.start, pair.end, Kind.UUID)


@cache
def _names_a_machine(key: str) -> bool:
    name = squeezed(key)
    labelled = any(word in name for word in secret_keys().hardware_uuid)
    return (labelled or ("uuid" in name and not key.isascii())) and not name.endswith(_LIBRARY)
