"""Reads `system_profiler -json SPDisplaysDataType`.

Only the JSON form: the text form is translated into the user's language whatever the locale says. Serial numbers and
identifiers are never taken out of the document.
"""

from __future__ import annotations

import json
import re
from typing import Any

from m1doctor.model.record import record

_METAL = re.compile(r"spdisplays_metal(\d{1,2})")
_ITEM = re.compile(r"kHW_(Apple)(M\d+)(Pro|Max|Ultra)?Item")


@record(frozen=True, slots=True)
class Display:
    """One GPU as system_profiler describes it."""

    name: str | None
    cores: int | None
    metal_family: str | None
    """``"Metal 3"``, or ``"Metal"`` where an older system only says that it is supported."""


def parse_displays(text: str) -> tuple[Display, ...] | None:
    """The GPUs of the machine, which may be none at all (a virtual machine); `None` for any other text."""
    try:
        document: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    entries = document.get("SPDisplaysDataType") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        return None
    return tuple(_display(entry) for entry in entries if isinstance(entry, dict))


def _display(entry: dict[str, Any]) -> Display:
    return Display(name=_name(entry), cores=_cores(entry.get("sppci_cores")), metal_family=_family(entry))


def _name(entry: dict[str, Any]) -> str | None:
    for key in ("sppci_model", "_name"):
        value = entry.get(key)
        if isinstance(value, str) and value:
            item = _ITEM.fullmatch(value)
            return " ".join(part for part in item.groups() if part) if item else value
    return None


def _cores(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value).strip()
    return int(text) if re.fullmatch(r"[1-9]\d{0,3}", text) else None


def _family(entry: dict[str, Any]) -> str | None:
    support = entry.get("spdisplays_mtlgpufamilysupport")
    numbered = _METAL.fullmatch(support) if isinstance(support, str) else None
    if numbered:
        return f"Metal {numbered[1]}"
    plain = entry.get("spdisplays_metal")
    return "Metal" if isinstance(plain, str) and plain.startswith("spdisplays_supported") else None
