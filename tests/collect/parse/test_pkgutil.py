"""pkgutil: the version of a receipt."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import captures
from m1doctor.collect.parse.pkgutil import parse_receipt_version


def test_the_release_is_told_without_its_build_counter() -> None:
    assert parse_receipt_version("package-id: x\nversion: 16.4.0.0.1.1747106510\nvolume: /\n") == "16.4"


def test_no_receipt_is_none() -> None:
    assert parse_receipt_version("No receipt for 'com.apple.pkg.CLTools_Executables' found at '/'.\n") is None


@pytest.mark.parametrize("path", captures.each("pkgutil*"))
def test_a_capture_tells_the_version_in_its_name(path: Path) -> None:
    version = parse_receipt_version(path.read_text())
    assert version is None if "missing" in path.name else version in path.name


@given(st.text(max_size=200))
def test_any_text_gives_a_value_or_none(text: str) -> None:
    parse_receipt_version(text)
