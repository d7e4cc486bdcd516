"""Every capture of a Mac's own tools goes through the parser of its kind; this counts them."""

from __future__ import annotations

import pytest

import captures

READ_HERE = (
    "ioreg*",
    "memory_pressure*",
    "notifyutil*",
    "pkgutil*",
    "pmset*",
    "rosetta.*",
    "sw_vers*",
    "sysctl*",
    "system_profiler*",
    "uname*",
    "vm_stat*",
    "xcode-select*",
    "xcrun*",
)
"""Kinds that the tests of this folder run through a parser."""
NOT_ASKED = (
    "arch*",
    "brew-config*",
    "file*",
    "otool*",
    "powermetrics*",
    "psutil*",
    "top*",
)
"""Kinds that no probe asks for: a child answers for itself (arch, file), root is needed, or the counters mislead."""
OTHERS = ("conda*", "dlopen*", "pip-freeze*", "pyvenv*", "tf*")
"""Kinds of the environment, not of the machine."""


def test_every_capture_has_its_place() -> None:
    everything = {path for path in captures.of("*") if path.name != "INDEX.md"}
    if not everything:
        pytest.skip("no captures on this machine")
    read = set(captures.of(*READ_HERE))
    print(f"{len(read)} of {len(everything)} captures are read by the parsers of the machine")  # noqa: T201 - the count
    assert len(read) > 60
    assert {path.name for path in everything - read} == {path.name for path in captures.of(*NOT_ASKED, *OTHERS)}
