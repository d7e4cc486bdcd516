"""xcode-select -p: a folder on a line of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import captures
from m1doctor.collect.parse.xcode_select import parse_developer_folder


@pytest.mark.parametrize(
    "folder", ["/Library/Developer/CommandLineTools", "/Applications/Xcode 16.app/Contents/Developer"]
)
def test_the_folder_is_told_with_its_spaces(folder: str) -> None:
    assert parse_developer_folder(folder + "\n") == folder


def test_an_error_is_no_folder() -> None:
    assert parse_developer_folder("xcode-select: error: unable to get active developer directory, use …\n") is None
    assert parse_developer_folder("") is None


@pytest.mark.parametrize("path", captures.each("xcrun.missing*"))
def test_the_error_of_a_broken_installation_is_no_folder(path: Path) -> None:
    assert parse_developer_folder(path.read_text()) is None


@pytest.mark.parametrize("path", captures.each("xcode-select*"))
def test_a_capture_names_the_developer_folder(path: Path) -> None:
    answer = path.read_text().split("xcode-select --print-path\n", 1)[1]
    assert parse_developer_folder(answer).endswith("/Developer")


@given(st.text(max_size=200))
def test_any_text_gives_a_value_or_none(text: str) -> None:
    parse_developer_folder(text)
