"""Outputs of real Macs, where they are at hand: read in place, never copied.

A capture may be cut, indented, commented or joined from several commands; the file name says what it is of.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from environments import real

FOLDER = real.SHARED / "captures"


def of(*patterns: str) -> list[Path]:
    """Captures whose names match one of the glob patterns, sorted; empty where there are none on this machine."""
    return sorted({path for pattern in patterns for path in FOLDER.glob(pattern)})


def each(*patterns: str) -> list[object]:
    """Parameters for `pytest.mark.parametrize`: one a capture, or one that is skipped with the reason."""
    found = of(*patterns)
    if not found:
        reason = f"no captures of {', '.join(patterns)} on this machine"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason), id="absent")]
    return [pytest.param(path, id=path.name) for path in found]


def text(name: str) -> str:
    """The text of one capture; skips the test where it is not on this machine."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"the capture {name} is not on this machine")
    return path.read_text()
