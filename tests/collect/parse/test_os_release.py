"""os-release: the name of the distribution."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from m1doctor.collect.parse.os_release import parse_pretty_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n', "Debian GNU/Linux 12 (bookworm)"),
        ("ID=alpine\nPRETTY_NAME='Alpine Linux v3.20'\n", "Alpine Linux v3.20"),
        ("PRETTY_NAME=Void\n", "Void"),
        ('PRETTY_NAME="A \\"quoted\\" name"\n', 'A "quoted" name'),
        ('PRETTY_NAME=""\n', None),
        ("ID=x\n", None),
        ("", None),
    ],
)
def test_the_name_is_read_with_or_without_quotes(text: str, name: str) -> None:
    assert parse_pretty_name(text) == name


@given(st.text(max_size=200))
def test_any_text_gives_a_value_or_none(text: str) -> None:
    parse_pretty_name(text)
    parse_pretty_name("PRETTY_NAME=" + text)
