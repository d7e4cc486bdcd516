"""/proc/pressure/memory: the share of the last ten seconds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from m1doctor.collect.parse.psi import parse_some_avg10

TEXT = "some avg10=12.34 avg60=1.00 avg300=0.10 total=123\nfull avg10=2.00 avg60=0.00 avg300=0.00 total=9\n"


def test_the_share_of_some_task_is_read() -> None:
    assert parse_some_avg10(TEXT) == 12.34


@pytest.mark.parametrize("text", ["", "full avg10=2.00 avg60=0.00\n", "some avg10=999.00 avg60=0\n", "some avg10=x\n"])
def test_other_text_is_unknown(text: str) -> None:
    assert parse_some_avg10(text) is None


@given(st.text(max_size=100))
def test_any_text_gives_a_value_or_none(text: str) -> None:
    parse_some_avg10("some avg10=" + text)
