"""Reads `ioreg -r -d 1 -w0 -c IOAccelerator`: the GPU drivers, as a property list (`-a`) or as text.

Empty output means that no driver matched. In the text form the names of statistics turn up again in `IOReportLegend`
(45 kB on one line), so a number is only taken from the `PerformanceStatistics` of its node.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from m1doctor.model.record import record

_NODE = re.compile(r"^[ |]*\+-o .*?<class ([A-Za-z0-9_]+)", re.MULTILINE)
_PROPERTY = re.compile(r'^[ |]*"([^"]+)" = (.*?)\s*$', re.MULTILINE)
_STATISTIC = re.compile(r'"([^"]+)"=(\d{1,19})(?=[,}])')
_GENERATION = re.compile(r"AGX(?:Accelerator|Metal)?(G\d{2})")


@record(frozen=True, slots=True)
class Accelerator:
    """One GPU driver."""

    class_name: str | None
    """IO registry class, e.g. ``"AGXAcceleratorG13X"`` or ``"AppleParavirtGPU"``."""
    model: str | None
    """As the driver names the GPU, e.g. ``"Apple M1 Pro"``."""
    cores: int | None
    generation: str | None
    """``"G13"`` for the M1 family, ``"G14"`` for the M2 family and so on; `None` for other makes."""
    resets: int | None
    """`recoveryCount`: how often the driver had to reset the GPU since it was loaded."""


def parse_accelerators(text: str) -> tuple[Accelerator, ...] | None:
    """The drivers in the order printed, none for empty text; `None` for text of neither form."""
    if not text.strip():
        return ()
    if text.lstrip().startswith("<?xml") or "<plist" in text[:400]:
        return _from_plist(text)
    return _from_text(text)


def _from_plist(text: str) -> tuple[Accelerator, ...] | None:
    import plistlib  # noqa: PLC0415 - brings an XML parser; only a Mac's live probe needs it
    from xml.parsers.expat import ExpatError  # noqa: PLC0415 - likewise

    try:
        document = plistlib.loads(text.strip().encode())
    except (
        plistlib.InvalidFileException,
        ExpatError,
        ValueError,
        LookupError,
        TypeError,
        RecursionError,
        OverflowError,
    ):
        return None
    except AttributeError:
        # plistlib trips over a list or dictionary that closes what it did not open; the file is damaged.
        return None
    if not isinstance(document, list):
        return None
    return tuple(_accelerator(node) for node in document if isinstance(node, dict))


def _from_text(text: str) -> tuple[Accelerator, ...] | None:
    nodes = list(_NODE.finditer(text))
    if not nodes:
        return None
    found: list[Accelerator] = []
    for node, after in zip(nodes, [*nodes[1:], None], strict=True):
        block = text[node.end() : after.start() if after else len(text)]
        properties: dict[str, Any] = {}
        for name, value in _PROPERTY.findall(block):
            if name == "PerformanceStatistics":
                properties[name] = {key: int(number) for key, number in _STATISTIC.findall(value)}
            elif value.startswith('"') and value.endswith('"'):
                properties[name] = value.strip('"')
            elif value.isdecimal():
                properties[name] = int(value[:19])
        properties.setdefault("IOObjectClass", node[1])
        found.append(_accelerator(properties))
    return tuple(found)


def _accelerator(properties: Mapping[str, Any]) -> Accelerator:
    statistics = properties.get("PerformanceStatistics")
    names = [
        _string(properties.get(key)) for key in ("IOObjectClass", "IOClass", "CFBundleIdentifier", "MetalPluginName")
    ]
    generations = [_GENERATION.search(name) for name in names if name]
    generation = next((match[1] for match in generations if match), None)
    return Accelerator(
        class_name=names[0] or names[1],
        model=_string(properties.get("model")),
        cores=_count(properties.get("gpu-core-count"), least=1),
        generation=generation,
        resets=_count(statistics.get("recoveryCount"), least=0) if isinstance(statistics, Mapping) else None,
    )


def _string(value: object) -> str | None:
    """Text, or bytes that end in NUL: `ioreg -a` prints a string of the device tree as data."""
    if isinstance(value, bytes):
        value = value.split(b"\0", 1)[0].decode("utf-8", "replace")
    return value.strip() or None if isinstance(value, str) else None


def _count(value: object, *, least: int) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= least else None
