"""sw_vers: fields by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import captures
from m1doctor.collect.parse.sw_vers import parse_sw_vers


def test_tabs_and_one_line_are_both_read() -> None:
    expected = {"ProductName": "macOS", "ProductVersion": "26.5", "BuildVersion": "25F71"}
    assert parse_sw_vers("ProductName:\t\tmacOS\nProductVersion:\t\t26.5\nBuildVersion:\t\t25F71\n") == expected
    assert parse_sw_vers("ProductVersion: 26.5   BuildVersion: 25F71") == {
        key: expected[key] for key in ("ProductVersion", "BuildVersion")
    }


def test_a_rapid_response_does_not_change_the_version() -> None:
    fields = parse_sw_vers("ProductVersion:\t\t13.4.1\nProductVersionExtra:\t(c)\n")
    assert fields == {"ProductVersion": "13.4.1", "ProductVersionExtra": "(c)"}


@pytest.mark.parametrize("path", captures.each("sw_vers*", "sysctl.iogpu+model*"))
def test_a_capture_tells_a_version_and_a_build(path: Path) -> None:
    fields = parse_sw_vers(path.read_text())
    assert fields["ProductVersion"] in path.name
    assert fields["BuildVersion"][:2].isdigit()


@given(st.text(max_size=200))
def test_any_text_gives_a_mapping(text: str) -> None:
    parse_sw_vers(text)
