"""/proc/meminfo: kB means KiB."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from m1doctor.collect.parse.meminfo import parse_meminfo

TEXT = "MemTotal:       16316412 kB\nMemAvailable:   12000000 kB\nActive(anon):      12 kB\nHugePages_Total:       3\n"


def test_sizes_are_bytes_and_counts_are_passed_over() -> None:
    sizes = parse_meminfo(TEXT)
    assert sizes == {"MemTotal": 16316412 * 1024, "MemAvailable": 12000000 * 1024, "Active(anon)": 12 * 1024}


def test_other_text_gives_nothing() -> None:
    assert parse_meminfo("nothing of the kind\nMemTotal: many kB\n") == {}


@given(st.text(max_size=200))
def test_any_text_gives_a_mapping(text: str) -> None:
    parse_meminfo(text)
